import { z } from 'zod'
import { expectFinite, mix } from '../../math/mix.ts'
import { norm } from '../../math/norms.ts'
import type { AscentState, Slopes } from '../decision.ts'
import { define, Refusal } from '../define.ts'

const params = z.object({
  kind: z.enum(['n-pg-igt', 'n-harpg', 'harpg']).default('n-pg-igt').meta({
    title: 'Kind',
    description: 'One episode a step, asked ahead; or two with a second slope, its step normalised or not.',
  }),
  steps: z.int().min(1).max(100_000).default(900).meta({ title: 'Steps' }),
  gamma: z.number().gt(0).max(10).default(0.3).meta({ title: 'Length of a step', description: 'At the start; it falls from there.' }),
  eta: z.number().gt(0).max(1).default(1).meta({ title: 'Share of the new', description: 'How much a new answer counts at the start.' }),
  reach: z.number().gt(0).nullable().default(null).meta({
    title: 'Reach',
    description: 'How far ahead of where it stands it may ask, in each number.',
  }),
  ahead: z.enum(['now', 'before']).default('now').meta({
    title: 'Ahead by',
    description: 'The share of this step, as the paper has it, or of the one before, as its code has it.',
  }),
})
type Settings = z.output<typeof params>

/** After so many answers in a row that are not finite, something is wrong with the question. */
const PATIENCE = 5

/** How much a new answer counts, and how far to go, in step t. */
function scheduleOf({ kind, gamma, eta }: Settings, t: number): { readonly share: number; readonly length: number } {
  const fall = 2 / (t + 2)
  return {
    share: Math.min(1, eta * (kind === 'n-pg-igt' ? fall ** 0.8 : fall)),
    length: gamma * (kind === 'harpg' ? Math.sqrt(fall) : fall),
  }
}

/** Where the slope is asked for, so that older answers stay right where the value is nearly quadratic: ahead, along the last step. */
function aheadOf(theta: Float64Array, before: Float64Array, t: number, settings: Settings): Float64Array {
  const { share } = scheduleOf(settings, settings.ahead === 'now' ? t : Math.max(0, t - 1))
  const { reach } = settings
  return theta.map((value, i) => {
    const jump = ((1 - share) / share) * (value - before[i])
    return value + (reach === null ? jump : Math.max(-reach, Math.min(reach, jump)))
  })
}

/** The way up from theta, parameters in one array; slopes are asked at the points that the kind of ascent looks at. */
export async function* ascent(
  start: Float64Array,
  slopes: Slopes,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<AscentState, Float64Array, void> {
  expectFinite(start, 'The start')
  const { kind, steps } = settings
  let [theta, before, direction]: [Float64Array, Float64Array, Float64Array | null] = [start, start, null]
  let [leftOut, inARow] = [0, 0]
  for (let t = 0; t < steps; t++) {
    signal.throwIfAborted()
    const { share, length } = scheduleOf(settings, t)
    const asked = kind === 'n-pg-igt' ? aheadOf(theta, before, t, settings) : theta
    const gradient = await slopes.gradient(asked, signal)
    let carried = direction
    if (direction && kind !== 'n-pg-igt') {
      const between = slopes.chance()
      const step = mix([1, theta], [-1, before])
      carried = mix([1, direction], [1, await slopes.bend(mix([between, theta], [1 - between, before]), step, signal)])
    }
    const next: Float64Array = carried ? mix([1 - share, carried], [share, gradient]) : gradient
    if (next.every(Number.isFinite)) {
      inARow = 0
      direction = next
      const size = norm(next)
      const scale = kind === 'harpg' ? length : size > 0 ? length / size : 0
      ;[theta, before] = [mix([1, theta], [scale, next]), theta]
    } else {
      leftOut++
      if (++inARow >= PATIENCE)
        throw new Refusal(
          'The policy could not be improved.',
          `${PATIENCE} tries in a row brought numbers that are not finite.`,
          'Make the steps shorter, or begin elsewhere.',
        )
    }
    yield { step: t + 1, steps, theta, direction: direction ?? new Float64Array(theta.length), asked, leftOut }
  }
  return theta
}

/**
 * Policy gradients with one or two episodes a step, for policies whose Fisher matrix is not degenerate. N-PG-IGT: the slope is a moving
 * mean; each new answer is asked for ahead of where the policy stands, θ + (1 - η)/η (θ - θ'), so that on a quadratic value the mean
 * is the slope here, free of delay. HARPG carries the old mean along with the second slope at a random place between the last two
 * policies, which costs a second episode. Steps of the normalised kinds have a length that does not ask how steep it is.
 */
export const fisherPolicyGradient = define({
  id: 'fisher-policy-gradient',
  role: 'policy-ascent',
  title: 'Learned step control',
  summary: 'Learns, by trying, where a sampler needs small steps.',
  paper: {
    title: 'Stochastic Policy Gradient Methods: Improved Sample Complexity for Fisher-non-degenerate Policies',
    year: 2023,
    link: 'https://arxiv.org/abs/2302.01734',
  },
  params,
  needs: {},
  make: (settings) => ({ ascend: (start, slopes, signal) => ascent(start, slopes, settings, signal) }),
})
