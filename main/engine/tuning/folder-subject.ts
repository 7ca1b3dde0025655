import { denoiserOf, guided } from '../../algorithms/diffusion/denoiser.ts'
import type { Denoise } from '../../math/prediction.ts'
import { readWords } from '../diffusion/asking.ts'
import type { ModelFolder } from '../diffusion/folder.ts'
import type { Conditioning } from '../diffusion/text.ts'
import { together } from '../diffusion/together.ts'
import { networkCard } from '../diffusion/unet.ts'
import type { FileLease, Sessions } from '../sessions/sessions.ts'
import { latentOfFile } from './picture-latent.ts'
import { callsPerAnswer, promptsOf, type Settings } from './settings.ts'
import { type Skippable, skipping } from './skippable.ts'
import { entriesOf, noiseOfCase, type SkipAt, type Subject } from './subject.ts'

/** Side of the pictures of models that tell none. */
const SIDE = 512

export type SubjectInUse = Subject & Disposable

/** Cells along the side of the latents that a model is tuned with. @throws RangeError where the side does not suit the model. */
export function cellsOf({ side: own, multiple, autoencoder: { factor } }: ModelFolder, { side }: Pick<Settings, 'side'>): number {
  const pixels = side ?? own ?? Math.max(1, Math.round(SIDE / multiple)) * multiple
  if (pixels % multiple !== 0)
    throw new RangeError(`Sides of this model’s pictures are multiples of ${multiple} pixels, and ${pixels} is none.`)
  return pixels / factor
}

/**
 * A model's folder as a subject. Prompts are encoded first; then its network stays leased until the subject is disposed of.
 * @param skippable the network with switches, where blocks are to be left out.
 * @throws FaultError as reading and leasing do; RangeError where the side does not suit the model.
 */
export async function openSubject(
  folder: ModelFolder,
  settings: Settings,
  skippable: Skippable | null,
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): Promise<SubjectInUse> {
  const { unet, noise, autoencoder } = folder
  const cells = cellsOf(folder, settings)
  const texts = promptsOf(settings)
  const { conditionings } = await readWords(folder, [...texts, settings.negative], sessions, signal)
  const against = conditionings[texts.length] as Conditioning
  const lease = together(await sessions.leaseFile(skippable?.file ?? unet.part.file, signal))

  const size = { width: cells * autoencoder.factor, height: cells * autoencoder.factor }
  const network = (prompt: Conditioning, skipAt: SkipAt): Denoise => {
    const asked = (by: FileLease) => denoiserOf(networkCard(unet, by, noise, prompt, size, autoencoder.factor))
    return skippable ? skipping(asked, lease, skippable, skipAt) : asked(lease)
  }
  const denoiseOf = (k: number, skipAt: SkipAt): Denoise =>
    guided(network(conditionings[k % texts.length] as Conditioning, skipAt), network(against, skipAt), settings.guidance)
  const shape = [autoencoder.channels, cells, cells] as const
  const entries = entriesOf({ shape })
  const time = unet.part.inputs.find(({ name }) => name === 'timestep')
  return {
    path: noise.path,
    habit: noise,
    shape,
    blocks: skippable?.blocks ?? [],
    countsInWholes: time?.type === 'int64' || time?.type === 'int32',
    callsPerAnswer: callsPerAnswer(settings),
    caseOf: (k) => ({
      x: noiseOfCase(settings.seed, k, entries),
      denoise: denoiseOf(k, () => []),
      skipping: skippable && ((skipAt) => denoiseOf(k, skipAt)),
    }),
    encode: autoencoder.encoder && ((name, bytes, stop) => latentOfFile(autoencoder, name, bytes, size.width, sessions, stop)),
    [Symbol.dispose]: () => lease[Symbol.dispose](),
  }
}
