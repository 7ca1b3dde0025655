import { type Decoded, decodeLatent, type Latent } from '../diffusion/latents.ts'
import { cutOut } from './cut-out.ts'
import type { Context, Patch } from './define-imagination.ts'
import type { EditScene } from './edit-scene.ts'
import { differenceLaid } from './paste.ts'

/** What the difference of two latents does to a scene. Equal latents leave every byte as it is. */
export async function differencePatch(
  { folder: { autoencoder }, sessions }: Pick<Context<unknown>, 'folder' | 'sessions'>,
  { ground, isCutOut }: EditScene,
  before: Latent,
  after: Latent,
  signal: AbortSignal,
): Promise<Patch> {
  using decoder = await sessions.leaseFile(autoencoder.decoder.file, signal)
  const shown = async ({ picture, alpha }: Decoded) => (isCutOut && alpha ? await cutOut(picture, alpha, signal) : picture)
  const was = await shown(await decodeLatent(autoencoder, before, decoder, signal))
  const is = await shown(await decodeLatent(autoencoder, after, decoder, signal))
  return await differenceLaid(ground, was, is, signal)
}
