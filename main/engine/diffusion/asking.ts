import { denoiserOf } from '../../algorithms/diffusion/denoiser.ts'
import type { Denoise } from '../../math/prediction.ts'
import type { FileLease, Sessions } from '../sessions/sessions.ts'
import { readSkippable, skipping } from '../tuning/skippable.ts'
import type { SkipAt } from '../tuning/subject.ts'
import type { ModelFolder } from './folder.ts'
import { type LatentColours, latentColours } from './latent-colours.ts'
import { type Conditioning, encodePrompts, zeros } from './text.ts'
import { together } from './together.ts'
import { networkCard, type Size } from './unet.ts'

/** Texts as a U-Net reads them, in their order, and what an artist should know of them. */
export interface WordsRead {
  readonly conditionings: readonly Conditioning[]
  readonly notes: readonly string[]
}

/** Reads texts with a folder's encoders. Where the model takes none for no prompt at all, an empty one becomes zeros. */
export async function readWords(
  folder: ModelFolder,
  texts: readonly string[],
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): Promise<WordsRead> {
  const { prompts, lost } = await encodePrompts(folder.textEncoders, texts, sessions, signal)
  return {
    conditionings: prompts.map((one, i) => (texts[i] === '' && folder.zeroForEmpty ? zeros(one) : one)),
    notes: lost.map(
      (end) =>
        `The model did not read all of your words. It takes in only so many at once, and "${end}" came after them. Say it in fewer words, what matters most first.`,
    ),
  }
}

/** A leased U-Net, asked with each of several texts. Disposing gives it back. */
export interface Denoisers extends Disposable {
  readonly denoisers: readonly Denoise[]
}

/** Leases a folder's U-Net for pictures of that size; where blocks are left out on the way, the one that lets them be. */
export async function leaseDenoisers(
  { path, unet, noise, autoencoder }: ModelFolder,
  skipAt: SkipAt | null,
  conditionings: readonly Conditioning[],
  size: Size,
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): Promise<Denoisers> {
  const skippable = skipAt && (await readSkippable(path))
  const lease = together(await sessions.leaseFile(skippable?.file ?? unet.part.file, signal))
  const denoisers = conditionings.map((one) => {
    const asked = (by: FileLease) => denoiserOf(networkCard(unet, by, noise, one, size, autoencoder.factor))
    return skipAt && skippable ? skipping(asked, lease, skippable, skipAt) : asked(lease)
  })
  return { denoisers, [Symbol.dispose]: () => lease[Symbol.dispose]() }
}

/** What was measured already, by decoder: as long as the sessions live, its file is the same while its stamp is. */
const measured = new WeakMap<Pick<Sessions, 'leaseFile'>, Map<string, LatentColours>>()

/** How the folder's decoder colours a latent, measured with it once: variations need not load it before they begin. */
export async function measuredColours(
  { autoencoder }: ModelFolder,
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): Promise<LatentColours> {
  const known = measured.get(sessions) ?? new Map<string, LatentColours>()
  measured.set(sessions, known)
  const { path, stamp } = autoencoder.decoder.file
  const before = known.get(`${path}@${stamp}`)
  if (before) return before
  using decoder = await sessions.leaseFile(autoencoder.decoder.file, signal)
  const colours = await latentColours(autoencoder, decoder, signal)
  known.set(`${path}@${stamp}`, colours)
  return colours
}
