import { denoiserOf, guided } from '../../algorithms/diffusion/denoiser.ts'
import type { Denoise } from '../../math/prediction.ts'
import { tensor } from '../../math/tensor.ts'
import type { ModelFolder } from '../diffusion/folder.ts'
import { type Conditioning, encodePrompts, zeros } from '../diffusion/text.ts'
import { networkCard } from '../diffusion/unet.ts'
import type { FileLease, Sessions } from '../sessions/sessions.ts'
import { callsPerAnswer, promptsOf, type Settings } from './settings.ts'
import type { Skippable } from './skippable.ts'
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
  const { prompts } = await encodePrompts(folder.textEncoders, [...texts, settings.negative], sessions, signal)
  const last = prompts[texts.length] as Conditioning
  const against = settings.negative === '' && folder.zeroForEmpty ? zeros(last) : last
  const lease = await sessions.leaseFile(skippable?.file ?? unet.part.file, signal)
  const blocks = skippable?.blocks ?? []

  const size = { width: cells * autoencoder.factor, height: cells * autoencoder.factor }
  const network = (prompt: Conditioning, by: FileLease) => denoiserOf(networkCard(unet, by, noise, prompt, size, autoencoder.factor))
  const denoiseOf = (k: number, skip: readonly number[]): Denoise => {
    const by = skippable ? withSwitches(lease, blocks.length, skip) : lease
    return guided(network(prompts[k % texts.length] as Conditioning, by), network(against, by), settings.guidance)
  }
  const shape = [autoencoder.channels, cells, cells] as const
  const entries = entriesOf({ shape })
  const time = unet.part.inputs.find(({ name }) => name === 'timestep')
  return {
    path: noise.path,
    habit: noise,
    shape,
    blocks,
    countsInWholes: time?.type === 'int64' || time?.type === 'int32',
    callsPerAnswer: callsPerAnswer(settings),
    caseOf: (k) => ({
      x: noiseOfCase(settings.seed, k, entries),
      denoise: denoiseOf(k, []),
      skipping: skippable && ((skipAt) => bySkip((skip) => denoiseOf(k, skip), skipAt)),
    }),
    [Symbol.dispose]: () => lease[Symbol.dispose](),
  }
}

/** The same network, with the blocks of that list left out at every call. */
export function withSwitches(lease: FileLease, count: number, skip: readonly number[]): FileLease {
  const switches = tensor([count])
  for (const block of skip) switches.data[block] = 1
  return { run: (inputs, signal) => lease.run({ ...inputs, skip: switches }, signal), [Symbol.dispose]: () => undefined }
}

/** Asks, at every node, the network with the blocks left out that are to be left out there. */
export function bySkip(denoiseOf: (skip: readonly number[]) => Denoise, skipAt: SkipAt): Denoise {
  const known = new Map<string, Denoise>()
  return (x, node, signal) => {
    const skip = skipAt(node)
    const name = skip.join()
    const denoise = known.get(name) ?? denoiseOf(skip)
    known.set(name, denoise)
    return denoise(x, node, signal)
  }
}
