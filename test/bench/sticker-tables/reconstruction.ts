import { trajectoryScore } from '../../../main/algorithms/diffusion/trajectory-score.ts'
import type { Inversion } from '../../../main/algorithms/editing.ts'
import { inversions as methods } from '../../../main/algorithms/index.ts'
import { leaseDenoisers, readWords } from '../../../main/engine/diffusion/asking.ts'
import { courseOf } from '../../../main/engine/diffusion/course.ts'
import { decodeLatent, encodeLatent, type Latent } from '../../../main/engine/diffusion/latents.ts'
import { outcome } from '../../../main/math/integrate.ts'
import type { Tensor } from '../../../main/math/tensor.ts'
import type { Table } from '../diffusion-tables/table.ts'
import { onWhite, readExhibit } from './exhibits.ts'
import { openJudge } from './judge.ts'
import { type OwnModel, openOwn, SIDE, signal } from './model.ts'
import { psnr } from './psnr.ts'

const BUDGETS = [20, 40, 80]
const PICTURES = 24

const settings: readonly (readonly [name: string, id: string, params?: object])[] = [
  ['DDIM', 'ddim-inversion'],
  ['BDIA, gamma 0.94', 'bdia-inversion'],
  ['BDIA, gamma 1', 'bdia-inversion', { gamma: 1 }],
  ['EDICT, mix 0.93', 'edict'],
]
const made = (id: string, params: object): Inversion => {
  const method = methods.find((one) => one.id === id)
  if (!method) throw new RangeError(`There is no inversion ${id}.`)
  return method.make(method.params.parse(params) as never, {}) as unknown as Inversion
}

/** Most steps whose way there and back takes at most so many calls. */
function stepsFor(inversion: Inversion, budget: number): number {
  const total = (steps: number) => inversion.calls(steps).there + inversion.calls(steps).back
  let steps = 2
  while (total(steps + 1) <= budget) steps++
  return steps
}

interface Subject {
  readonly caption: string
  readonly picture: Tensor
  readonly latent: Latent
}

/** Where every latent ends, there and back with its own caption. */
async function returned(
  { folder, sessions }: OwnModel,
  subjects: readonly Subject[],
  inversion: Inversion,
  steps: number,
): Promise<Latent[]> {
  const { legs } = courseOf(folder.noise, steps, { id: 'uniform' }, { id: 'ddim' })
  const { conditionings } = await readWords(
    folder,
    subjects.map(({ caption }) => caption),
    sessions,
    signal,
  )
  using unet = await leaseDenoisers(folder, null, conditionings, { width: SIDE, height: SIDE }, sessions, signal)
  const ends: Latent[] = []
  for (const [i, { latent }] of subjects.entries()) {
    const denoise = unet.denoisers[i]
    const inverted = await outcome(inversion.there(latent.data, legs, denoise, signal))
    const [data = latent.data] = await outcome(inversion.back(inverted, denoise, signal))
    ends.push({ ...latent, data })
  }
  return ends
}

/** How held-out stickers come back from the noise, their captions being given, at equal calls. */
export async function reconstruction(): Promise<readonly Table[]> {
  await using model = await openOwn('sticker')
  const { folder, sessions } = model
  const { exhibits } = await openJudge()
  const chosen = exhibits.filter((_, i) => i % Math.floor(exhibits.length / PICTURES) === 0).slice(0, PICTURES)
  const subjects: Subject[] = []
  for (const caption of chosen) {
    const picture = onWhite(await readExhibit(caption))
    subjects.push({ caption, picture, latent: await encodeLatent(folder.autoencoder, picture, sessions, signal) })
  }
  const decoded = async (latents: readonly Latent[]) => {
    using decoder = await sessions.leaseFile(folder.autoencoder.decoder.file, signal)
    const pictures: Tensor[] = []
    for (const latent of latents) pictures.push((await decodeLatent(folder.autoencoder, latent, decoder, signal)).picture)
    return pictures
  }
  const before = subjects.map(({ latent }) => latent)
  const alone = psnr(
    await decoded(before),
    subjects.map(({ picture }) => picture),
  )
  const [latents, pixels]: [[string, ...number[]][], [string, ...number[]][]] = [[], []]
  for (const [name, id, params = {}] of settings) {
    const inversion = made(id, params)
    const [errors, decibels]: [number[], number[]] = [[], []]
    for (const budget of BUDGETS) {
      const after = await returned(model, subjects, inversion, stepsFor(inversion, budget))
      errors.push(
        trajectoryScore(
          after.map(({ data }) => data),
          before.map(({ data }) => data),
        ),
      )
      decibels.push(
        psnr(
          await decoded(after),
          subjects.map(({ picture }) => picture),
        ),
      )
    }
    latents.push([name, ...errors])
    pixels.push([name, ...decibels])
  }
  const head = ['network calls, there and back', ...BUDGETS.map(String)]
  const common = `${subjects.length} held-out stickers with their captions, without guidance, on the model's own even steps. EDICT takes two calls a step each way, the others one.`
  return [
    {
      title: 'Stickers after inversion, latents',
      head,
      rows: latents,
      least: false,
      note: `Root mean square distance from the latent, mean of ${common} What BDIA and EDICT leave is rounding, as it grew on the way.`,
    },
    {
      title: 'Stickers after inversion, pixels',
      head,
      rows: [...pixels, ['the autoencoder alone', ...BUDGETS.map(() => alone)]],
      least: false,
      note: `PSNR in dB against the drawn picture on white, of the mean error of ${common} No inversion comes nearer than the autoencoder; with the studio's edits not even that is lost, since they lay the difference of two decoded pictures.`,
    },
  ]
}
