import { fault } from '../../../preload/contract/fault.ts'
import { guided } from '../../algorithms/diffusion/denoiser.ts'
import { drawsOf, sample } from '../../algorithms/diffusion/sample.ts'
import type { Step } from '../../algorithms/roles.ts'
import type { Denoise } from '../../math/prediction.ts'
import { sizeOf } from '../../math/tensor.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { NOTHING_FOUND } from '../tuning/tuned.ts'
import { leaseDenoisers, measuredColours, readWords } from './asking.ts'
import { type Choice, courseOf } from './course.ts'
import type { ModelFolder } from './folder.ts'
import { type Decoded, decodeLatent, type Latent } from './latents.ts'
import { told } from './told.ts'
import type { Size } from './unet.ts'

/** What to make. */
export interface Generation extends Size {
  readonly prompt: string
  /** What it should not show; may be empty. */
  readonly negative: string
  /** How far the prompt is followed: 1 asks with the prompt alone, in half the time. */
  readonly guidance: number
  readonly seed: number
  readonly steps: number
  readonly schedule: Choice
  readonly solver: Choice
}

/** What was made. */
export interface Generated extends Decoded {
  readonly latent: Latent
  /** What an artist should know of it, a sentence each. */
  readonly notes: readonly string[]
}

/**
 * Makes a picture from words. Text encoders, decoder (for the colours of previews), U-Net and decoder again are leased one after
 * another, so that no two need fit in memory at once. State is float64; the same request gives the same bytes on the same provider.
 * Yields after each step, with the clean picture as it is guessed then, one pixel a cell.
 * @throws FaultError `invalid` (size, steps, ids), `engine`; the signal's reason once it is aborted.
 */
export async function* generate(
  folder: ModelFolder,
  request: Generation,
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): AsyncGenerator<Step, Generated, void> {
  const { autoencoder, noise } = folder
  expectSize(folder, request)
  const [rows, columns] = [request.height / autoencoder.factor, request.width / autoencoder.factor]
  const fitting = { tuned: folder.tuned ?? NOTHING_FOUND, guidance: request.guidance, shape: [autoencoder.channels, rows, columns] }
  const course = courseOf(noise, request.steps, request.schedule, request.solver, fitting)
  const texts = request.guidance === 1 ? [request.prompt] : [request.prompt, request.negative]
  const { conditionings, notes } = await readWords(folder, texts, sessions, signal)
  const colours = await measuredColours(folder, sessions, signal)

  const latentOf = (data: Float64Array): Latent => ({ channels: autoencoder.channels, rows, columns, data })
  const latent = yield* denoised()
  using decoder = await sessions.leaseFile(autoencoder.decoder.file, signal)
  return { ...(await decodeLatent(autoencoder, latent, decoder, signal)), latent, notes: [...course.notes, ...notes] }

  async function* denoised(): AsyncGenerator<Step, Latent, void> {
    using unet = await leaseDenoisers(folder, course.skipAt, conditionings, request, sessions, signal)
    const [withPrompt, without = withPrompt] = unet.denoisers as [Denoise, Denoise?]
    let guess: Float64Array | undefined
    const denoise: Denoise = async (x, at, stop) => {
      const said = await guided(withPrompt, without, request.guidance)(x, at, stop)
      guess = said.x0
      return said
    }
    const draw = drawsOf(request.seed)
    const x = draw(sizeOf([autoencoder.channels, rows, columns])).map((value) => value * course.scale)
    const { solver, legs } = course
    const model = { path: course.path, statistics: course.statistics }
    const ticks = sample({ solver, legs, model, denoise: course.fitted(denoise), x, draw }, signal)
    const { x: last } = yield* told(ticks, 'Generating', () => (guess ? colours(latentOf(guess)) : null))
    expectNumbers(last)
    return latentOf(last)
  }
}

function expectSize({ multiple }: ModelFolder, { width, height }: Size): void {
  if ([width, height].every((side) => side > 0 && side % multiple === 0)) return
  const near = [width, height].map((side) => Math.max(1, Math.round(side / multiple)) * multiple)
  const why = `Sides of this model's pictures are multiples of ${multiple} pixels; asked for were ${width} × ${height}.`
  throw fault('invalid', 'The generation cannot start.', why, `Choose ${near.join(' × ')}.`)
}

/** @throws FaultError `engine` where a latent came out that is none. */
export function expectNumbers(latent: Float64Array): void {
  if (latent.every(Number.isFinite)) return
  throw fault(
    'engine',
    'The generation came to nothing.',
    'The solver and its steps do not go together, or the network overflowed: what came out are no numbers.',
    'Choose another solver or schedule. If it happens with each, fetch the model in 32 bits.',
  )
}
