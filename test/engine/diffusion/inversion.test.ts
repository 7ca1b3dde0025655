import { expect, test } from 'vitest'
import { denoiserOf } from '../../../main/algorithms/diffusion/denoiser.ts'
import { inversions } from '../../../main/algorithms/index.ts'
import { courseOf } from '../../../main/engine/diffusion/course.ts'
import { encodeLatent } from '../../../main/engine/diffusion/latents.ts'
import { encodePrompts } from '../../../main/engine/diffusion/text.ts'
import { networkCard } from '../../../main/engine/diffusion/unet.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { tensor } from '../../../main/math/tensor.ts'
import { openDiffusionStudio } from './studio.ts'

const { signal } = new AbortController()

test('a picture brought to the noise through a folder’s networks comes back: to rounding where the method is exact, and roughly where not', async () => {
  await using studio = openDiffusionStudio()
  const folder = await studio.model()
  const { autoencoder, unet, noise } = folder
  const picture = tensor(
    [3, 8, 8],
    Float32Array.from({ length: 192 }, (_, i) => ((i * 37) % 101) / 101),
  )
  const latent = await encodeLatent(autoencoder, picture, studio.sessions, signal)
  const { prompts } = await encodePrompts(folder.textEncoders, ['a cat', 'a dog'], studio.sessions, signal)
  using lease = await studio.sessions.leaseFile(unet.part.file, signal)
  const [cat, dog] = prompts.map((prompt) =>
    denoiserOf(networkCard(unet, lease, noise, prompt, { width: 8, height: 8 }, autoencoder.factor)),
  )
  const { legs } = courseOf(noise, 10, { id: 'uniform' }, { id: 'ddim' })
  const furthest = (x: Float64Array) => Math.max(...x.map((value, i) => Math.abs(value - latent.data[i])))

  expect(inversions.map(({ id }) => id)).toEqual(expect.arrayContaining(['bdia-inversion', 'edict']))
  for (const method of inversions) {
    const inversion = method.make(method.params.parse({}) as never, {})
    const inverted = await outcome(inversion.there(latent.data, legs, cat, signal))
    const [same] = await outcome(inversion.back(inverted, cat, signal))
    const [other] = await outcome(inversion.back(inverted, dog, signal))
    expect(furthest(same)).toBeLessThan(inversion.exact ? 1e-9 : 0.5)
    expect(furthest(other)).toBeGreaterThan(furthest(same))
  }
})
