import { type Node, nodeAt, type Path } from '../../math/gaussian-path.ts'
import { mix } from '../../math/mix.ts'
import type { Denoise } from '../../math/prediction.ts'
import { type Noise, normalsInto } from '../../math/random.ts'
import { nodeOfLevel } from '../../math/timesteps.ts'

/** Where the model is asked: fifths of the way, the ends left out. On a table of a thousand levels: 200, 400, 600, 800. */
export const judgingNodes = (path: Path): readonly Node[] =>
  [1, 2, 3, 4].map((k) => {
    const share = k / 5
    return path.table
      ? nodeOfLevel(path.table, Math.round(share * path.table.abar.length))
      : nodeAt(path, path.tData + share * (path.tNoise - path.tData))
  })

/**
 * How much an object has become what was asked for, as the model itself sees it, where no other judge is at hand: it tells the noise
 * that was put on the candidate the better, the more the words fit what is there. Minus the mean, over the object and over four levels
 * of always the same noise, of what the new words miss of it less what the old ones miss. An estimate, at two calls a level.
 * @param mask 1 inside the object, of the candidate's length.
 */
export async function judgedByModel(
  candidate: Float64Array,
  mask: Float64Array,
  words: { readonly wanted: Denoise; readonly source: Denoise },
  nodes: readonly Node[],
  noise: Noise,
  signal: AbortSignal,
): Promise<number> {
  const inside = mask.reduce((sum, value) => sum + value, 0)
  if (!(inside > 0)) throw new RangeError('The mask of the object is empty.')
  let counter = noise.counter
  let sum = 0
  for (const at of nodes) {
    signal.throwIfAborted()
    const put = new Float64Array(candidate.length)
    normalsInto(put, { ...noise, counter })
    counter += candidate.length + (candidate.length % 2)
    const noised = mix([at.alpha, candidate], [at.sigma, put])
    const missed = async (denoise: Denoise) => {
      const { eps } = await denoise(noised, at, signal)
      return eps.reduce((total, value, i) => total + mask[i] * (value - put[i]) ** 2, 0) / inside
    }
    const [before, after] = await Promise.all([missed(words.source), missed(words.wanted)])
    sum += before - after
  }
  return sum / nodes.length
}
