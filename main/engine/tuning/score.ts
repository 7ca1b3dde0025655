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
 * Mean root mean square distance between where a way ends and where long runs of the same cases end, in the model's own space.
 * @param from number of the first case; there are as many as references.
 * @throws the signal's reason once it is aborted.
 */
export async function scoreOf(
  subject: Subject,
  { solver, legs, statistics = null, skipAt }: Way,
  references: readonly Float64Array[],
  from: number,
  signal: AbortSignal,
): Promise<number> {
  const ends: Float64Array[] = []
  for (let k = from; k < from + references.length; k++) {
    const { x, denoise, skipping } = subject.caseOf(k)
    const asked = skipAt && skipping ? skipping(skipAt) : denoise
    const sampling = { solver, legs, model: { path: subject.path, statistics }, denoise: asked, x, draw: drawsOf(k) }
    ends.push((await outcome(sample(sampling, signal))).x)
  }
  const score = trajectoryScore(ends, references)
  return Number.isFinite(score) ? score : HOPELESS
}

/** A score as it is told. */
export const digits = (value: number): string => value.toPrecision(3)
