import { drawsOf, sample } from '../../algorithms/diffusion/sample.ts'
import { trajectoryScore } from '../../algorithms/diffusion/trajectory-score.ts'
import type { Sampled, Solver } from '../../algorithms/roles.ts'
import type { Leg } from '../../math/gaussian-path.ts'
import { outcome } from '../../math/integrate.ts'
import type { ModelStatistics } from '../../math/model-statistics.ts'
import type { SkipAt, Subject } from './subject.ts'

/** A way to make a picture that is to be judged. */
export interface Way {
  readonly solver: Solver<Sampled>
  readonly legs: readonly Leg[]
  readonly statistics?: ModelStatistics | null
  readonly skipAt?: SkipAt | null
}

/** What runs away is worse than anything: infinity would not be kept in JSON. */
const HOPELESS = Number.MAX_VALUE

/**
 * Root mean square distances between where a way ends and where long runs of the same cases end, in the model's own space, one for
 * each case.
 * @param from number of the first case; there are as many as references.
 * @throws the signal's reason once it is aborted.
 */
export async function distancesOf(
  subject: Subject,
  { solver, legs, statistics = null, skipAt }: Way,
  references: readonly Float64Array[],
  from: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const distances: number[] = []
  for (const [i, reference] of references.entries()) {
    const { x, denoise, skipping } = subject.caseOf(from + i)
    const asked = skipAt && skipping ? skipping(skipAt) : denoise
    const sampling = { solver, legs, model: { path: subject.path, statistics }, denoise: asked, x, draw: drawsOf(from + i) }
    const distance = trajectoryScore([(await outcome(sample(sampling, signal))).x], [reference])
    distances.push(Number.isFinite(distance) ? distance : HOPELESS)
  }
  return distances
}

/** The mean of these distances: the trajectory score. */
export async function scoreOf(...asked: Parameters<typeof distancesOf>): Promise<number> {
  const distances = await distancesOf(...asked)
  return Math.min(HOPELESS, distances.reduce((sum, distance) => sum + distance, 0) / distances.length)
}

/** A score as it is told. */
export const digits = (value: number): string => value.toPrecision(3)
