import { fault } from '../../../preload/contract/fault.ts'
import { denoiserOf, guided } from '../../algorithms/diffusion/denoiser.ts'
import { drawsOf, sample } from '../../algorithms/diffusion/sample.ts'
import type { Sampled, Step } from '../../algorithms/roles.ts'
import type { Tick } from '../../math/integrate.ts'
import type { Denoise } from '../../math/prediction.ts'
import { sizeOf } from '../../math/tensor.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { type Choice, courseOf } from './course.ts'
import type { ModelFolder } from './folder.ts'
import { latentColours } from './latent-colours.ts'
import { type Decoded, decodeLatent, type Latent } from './latents.ts'
import { refusalOf } from './refusal.ts'
import { type Conditioning, encodePrompts, zeros } from './text.ts'
import { networkCard, type Size } from './unet.ts'

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
  const { unet, autoencoder, noise } = folder
  expectSize(folder, request)
  const course = courseOf(noise, request.steps, request.schedule, request.solver)
  const { conditionings, notes } = await readPrompts(folder, request, sessions, signal)
  const colours = await measuredColours(folder, sessions, signal)

  const [rows, columns] = [request.height / autoencoder.factor, request.width / autoencoder.factor]
  const latentOf = (data: Float64Array): Latent => ({ channels: autoencoder.channels, rows, columns, data })
  const latent = yield* denoised()
  using decoder = await sessions.leaseFile(autoencoder.decoder.file, signal)
  return { ...(await decodeLatent(autoencoder, latent, decoder, signal)), latent, notes }

  async function* denoised(): AsyncGenerator<Step, Latent, void> {
    using lease = await sessions.leaseFile(unet.part.file, signal)
    const networks = conditionings.map((one) => networkCard(unet, lease, noise, one, request, autoencoder.factor))
    const [withPrompt, without] = networks.map(denoiserOf) as [Denoise, Denoise]
    let guess: Float64Array | undefined
    const denoise: Denoise = async (x, at, stop) => {
      const said = await guided(withPrompt, without, request.guidance)(x, at, stop)
      guess = said.x0
      return said
    }
    const draw = drawsOf(request.seed)
    const x = draw(sizeOf([autoencoder.channels, rows, columns])).map((value) => value * course.scale)
    const { solver, legs } = course
    const model = { path: course.path, statistics: null }
    const ticks = sample({ solver, legs, model, denoise: course.fitted(denoise), x, draw }, signal)
    const { x: last } = yield* told(ticks, () => (guess ? colours(latentOf(guess)) : null))
    if (!last.every(Number.isFinite))
      throw fault(
        'engine',
        'The generation came to nothing.',
        'The solver and its steps do not go together, or the network overflowed: what came out are no numbers.',
        'Choose another solver or schedule. If it happens with each, fetch the model in 32 bits.',
      )
    return latentOf(last)
  }
}

function expectSize({ multiple }: ModelFolder, { width, height }: Size): void {
  if ([width, height].every((side) => side > 0 && side % multiple === 0)) return
  const near = [width, height].map((side) => Math.max(1, Math.round(side / multiple)) * multiple)
  const why = `Sides of this model's pictures are multiples of ${multiple} pixels; asked for were ${width} × ${height}.`
  throw fault('invalid', 'The generation cannot start.', why, `Choose ${near.join(' × ')}.`)
}

/** The prompt and, where guidance needs it, what stands against it. */
async function readPrompts(folder: ModelFolder, request: Generation, sessions: Pick<Sessions, 'leaseFile'>, signal: AbortSignal) {
  const texts = request.guidance === 1 ? [request.prompt] : [request.prompt, request.negative]
  const { prompts, lost } = await encodePrompts(folder.textEncoders, texts, sessions, signal)
  const [first, second = first] = prompts as [Conditioning, Conditioning?]
  const against = request.negative === '' && folder.zeroForEmpty ? zeros(second) : second
  const notes = lost.map((end) => `The prompt is too long for this model. It did not read: "${end}".`)
  return { conditionings: [first, against], notes }
}

async function measuredColours({ autoencoder }: ModelFolder, sessions: Pick<Sessions, 'leaseFile'>, signal: AbortSignal) {
  using decoder = await sessions.leaseFile(autoencoder.decoder.file, signal)
  return await latentColours(autoencoder, decoder, signal)
}

/** Steps as an artist follows them; what a method refuses becomes a fault. */
async function* told<S extends Sampled>(
  ticks: AsyncGenerator<Tick<S>, S, void>,
  preview: () => Step['preview'],
): AsyncGenerator<Step, S, void> {
  try {
    for (let next = await ticks.next(); ; next = await ticks.next()) {
      if (next.done) return next.value
      yield { step: next.value.step, steps: next.value.steps, label: 'Generating', preview: preview() }
    }
  } catch (thrown) {
    throw refusalOf(thrown)
  }
}
