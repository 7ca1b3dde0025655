import type { Node } from '../../../math/gaussian-path.ts'
import type { Tick } from '../../../math/integrate.ts'
import { mix } from '../../../math/mix.ts'
import type { Noise } from '../../../math/random.ts'
import { gaussianScores, type Heights, solveHeights } from '../../../math/semi-discrete.ts'
import { Refusal } from '../../define.ts'

/** Pictures of a board as targets at one noise level, with the heights that share the seeds out evenly among them. */
export interface Board extends Heights {
  readonly targets: readonly Float64Array[]
  /** How many pictures each target stands for: alike ones are one target. */
  readonly counts: readonly number[]
}

const ALIKE = 1e-6
const MOST_TARGETS = 4000
/** Score table entries: what an iteration costs. */
const TABLE = 1_000_000
const FEWEST_POINTS = 20_000
const MOST_POINTS = 200_000

/** Pictures brought to the level where the tail of the generation starts. Each has its own noise, fixed with the board. */
export const atLevel = (pictures: readonly Float64Array[], noise: readonly Float64Array[], node: Node): Float64Array[] =>
  pictures.map((picture, i) => mix([node.alpha, picture], [node.sigma, noise[i]]))

/** One target of those that are the same. */
function merge(targets: readonly Float64Array[]): { targets: Float64Array[]; counts: number[] } {
  const kept: Float64Array[] = []
  const counts: number[] = []
  for (const target of targets) {
    const twin = kept.findIndex((other) => Math.sqrt(other.reduce((sum, value, i) => sum + (value - target[i]) ** 2, 0)) < ALIKE)
    if (twin >= 0) counts[twin]++
    else {
      kept.push(target)
      counts.push(1)
    }
  }
  return { targets: kept, counts }
}

/**
 * Shares the noise out among the targets so that each gets as much of it as it counts: semi-discrete optimal transport from
 * N(0, I), whose cost does not depend on the size of the pictures. Yields as it goes.
 * @throws Refusal with fewer than two different targets or more than 4000; the signal's reason once it is aborted.
 */
export async function* prepareBoard(
  given: readonly Float64Array[],
  noise: Noise,
  signal: AbortSignal,
): AsyncGenerator<Tick<Float64Array>, Board, void> {
  const { targets, counts } = merge(given)
  const n = targets.length
  if (n < 2)
    throw new Refusal(
      'The board is too small.',
      'With one picture alone every seed would lead to it.',
      'Add another picture that is different.',
    )
  if (n > MOST_TARGETS)
    throw new Refusal(
      'The board is too large.',
      `It holds ${n} different pictures; ${MOST_TARGETS} is the most.`,
      'Take some of them away.',
    )
  // The mean moves no cell, but without it the scores are better told apart.
  const mean = mix(...targets.map((target) => [1 / n, target] as const))
  const centred = targets.map((target) => target.map((value, i) => value - mean[i]))
  const points = Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.floor(TABLE / n)))
  const scores = gaussianScores(centred, points, noise)
  const lengths = centred.map((target) => Math.sqrt(target.reduce((sum, value) => sum + value * value, 0))).sort((a, b) => a - b)
  const weights = Float64Array.from(counts, (count) => count / given.length)
  // Heights for centred targets serve the targets themselves: the mean adds the same to every score of a point.
  const solved = yield* solveHeights({ scores, weights }, 0.05 * lengths[Math.floor(n / 2)], signal)
  return { ...solved, targets, counts }
}
