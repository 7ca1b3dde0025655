import { z } from 'zod'
import { type Conditions, learnAlong, martingaleLoss, orthogonality } from '../../math/martingale.ts'
import { applyMatrix, combine, frobenius, identity, inverse, trace } from '../../math/matrix.ts'
import type { Critique, WatchedPath } from '../decision.ts'
import { define } from '../define.ts'

const params = z.object({
  conditions: z.enum(['orthogonality', 'loss']).default('orthogonality').meta({
    title: 'Conditions',
    description: 'What the value is fitted by: increments orthogonal to what was seen, or least squares of what really came.',
  }),
  discount: z.number().min(0).default(0).meta({ title: 'Discount', description: 'How fast what comes later counts less.' }),
  fade: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({ title: 'Memory', description: 'The share of what was seen that is kept a unit of time.' }),
  rate: z.number().gt(0).max(1).default(0.1).meta({ title: 'Rate', description: 'Of learning path by path; falls with their number.' }),
  ridge: z.number().min(0).max(1).default(1e-8).meta({ title: 'Ridge' }),
})
type Settings = z.output<typeof params>

/** Conditions that are this much alike are not trusted. */
const ALIKE = 1e10
/** The rate has halved after so many paths. */
const HALVED = 200

function expectPath({ times, features, rewards, terminal }: WatchedPath, size: number): void {
  const fits = features.length > 0 && times.length === features.length + 1 && rewards.length === features.length
  if (!fits || features.some((one) => one.length !== size)) throw new RangeError('Times, features and rewards of a path do not fit.')
  for (let i = 0; i < features.length; i++)
    if (!(times[i + 1] > times[i])) throw new RangeError(`Time must go on: it is ${times[i]} and then ${times[i + 1]}.`)
  if (![...rewards, terminal, ...features.flatMap((one) => [...one])].every(Number.isFinite))
    throw new RangeError('What was watched is not finite.')
}

/** theta. @throws RangeError where the conditions cannot be told apart even with the ridge. */
export const solved = ({ a, b }: Conditions, ridge: number): Float64Array =>
  applyMatrix(inverse(combine([1, a], [(ridge * Math.abs(trace(a))) / b.length, identity(b.length)])), b)

/** How much alike the conditions are, as they stand: a ridge would hide it. */
function likeness({ a }: Conditions): number {
  try {
    return frobenius(a) * frobenius(inverse(a))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** A linear value of the features from watched paths: one weight a feature. @throws RangeError where paths are too few or times do not rise. */
export function evaluated(paths: readonly WatchedPath[], { conditions, discount, fade, ridge }: Settings): Critique {
  const size = paths[0]?.features[0]?.length ?? 0
  for (const path of paths) expectPath(path, size)
  const samples = paths.reduce((sum, { features }) => sum + features.length, 0)
  if (samples < size + 2) throw new RangeError(`${samples} samples are too few for ${size} features: it takes ${size + 2}.`)
  const nearest = (isFallback: boolean): Critique => ({ theta: solved(martingaleLoss(paths, discount), ridge), isFallback })
  if (conditions === 'loss') return nearest(false)
  const orthogonal = orthogonality(paths, discount, fade)
  return likeness(orthogonal) > ALIKE ? nearest(true) : { theta: solved(orthogonal, ridge), isFallback: false }
}

/**
 * What may still be expected, J, is right exactly where e^(-βt) J + ∫ e^(-βs) r ds is a martingale: nothing that was seen foretells its
 * increments dM. `orthogonality` asks E ∫ ξ dM = 0 for features and their fading traces, `loss` makes E ∫ (M_T - M_t)² dt least. Both
 * stay right where steps are short and uneven. The mean square of the increments themselves, as it is often made small, tends to half
 * the quadratic variation: it fits noise, and is not offered.
 */
export const martingaleEvaluation = define({
  id: 'martingale-evaluation',
  role: 'critic',
  title: 'What is still to come',
  summary: 'Tells in mid-run what calls and error are still to be expected.',
  paper: {
    title: 'Policy Evaluation and Temporal-Difference Learning in Continuous Time and Space: A Martingale Approach',
    year: 2022,
    link: 'https://arxiv.org/abs/2108.06655',
  },
  params,
  needs: {},
  make: (settings) => ({
    fit: (paths) => evaluated(paths, settings),
    learn: (theta, path, seen) => {
      expectPath(path, theta.length)
      return learnAlong(theta, path, settings.discount, settings.fade, settings.rate / (1 + seen / HALVED))
    },
  }),
})
