import { z } from 'zod'
import { expectFinite } from '../../math/mix.ts'
import { define } from '../define.ts'
import type { Descent, Parameter } from '../optimizer.ts'

const share = z.number().min(0).lt(1)
const params = z.object({
  base: z.enum(['adam', 'sgd']).default('adam').meta({ title: 'Base', description: 'What is projected: the step of Adam, or of SGD.' }),
  rate: z.number().gt(0).default(1e-3).meta({ title: 'Rate' }),
  beta1: share.default(0.9).meta({ title: 'Memory of slopes', description: 'Adam alone.' }),
  beta2: share.default(0.999).meta({ title: 'Memory of squares', description: 'Adam alone.' }),
  epsilon: z.number().gt(0).default(1e-8).meta({ title: 'Epsilon' }),
  decay: z.number().min(0).default(0).meta({ title: 'Decay', description: 'How fast values shrink towards nothing.' }),
  threshold: z.number().min(0).default(0.1).meta({
    title: 'Threshold',
    description: 'Slopes this near to a right angle, by the root of the length, say that size does not matter. 0: Adam itself.',
  }),
  decayShare: z.number().min(0).default(0.1).meta({ title: 'Decay where projected', description: 'Share of the decay that is left.' }),
  nesterov: z.boolean().default(false).meta({ title: 'Nesterov' }),
  momentum: share.default(0).meta({ title: 'Momentum', description: 'SGD alone.' }),
  dampening: z.number().min(0).max(1).default(0).meta({ title: 'Dampening', description: 'SGD alone.' }),
  projected: z.boolean().default(true).meta({
    title: 'Projected',
    description: 'For tensors whose size does not matter: quaternions, normalised layers. Others lose a part of their step by chance.',
  }),
})
type Settings = z.output<typeof params>

/** What does not mind its size: each row, or the whole tensor. */
export type View = 'rows' | 'whole' | null

export interface ProjectedDescent extends Descent {
  readonly shape: readonly number[]
  readonly first: Float64Array
  readonly second: Float64Array
  /** What the last step found. */
  readonly view: View
}

interface Rows {
  readonly count: number
  readonly length: number
}

/** The greatest cosine between a row and its slope. */
function alignment(values: Float64Array, gradient: Float64Array, { count, length }: Rows, epsilon: number): number {
  let most = 0
  for (let r = 0; r < count; r++) {
    let [product, pp, gg] = [0, 0, 0]
    for (let i = r * length; i < (r + 1) * length; i++) {
      product += values[i] * gradient[i]
      pp += values[i] ** 2
      gg += gradient[i] ** 2
    }
    most = Math.max(most, Math.abs(product) / (Math.max(Math.sqrt(pp), epsilon) * Math.max(Math.sqrt(gg), epsilon)))
  }
  return most
}

/** The part of each row's step that turns it. */
function tangent(step: Float64Array, values: Float64Array, { count, length }: Rows, epsilon: number): Float64Array {
  const out = step.slice()
  for (let r = 0; r < count; r++) {
    let [along, square] = [0, 0]
    for (let i = r * length; i < (r + 1) * length; i++) square += values[i] ** 2
    const size = Math.sqrt(square) + epsilon
    for (let i = r * length; i < (r + 1) * length; i++) along += (values[i] / size) * step[i]
    for (let i = r * length; i < (r + 1) * length; i++) out[i] -= (values[i] / size) * along
  }
  return out
}

function viewOf({ values, shape }: Parameter, gradient: Float64Array, { projected, threshold, epsilon }: Settings): [View, Rows] {
  const rows = { count: shape[0], length: values.length / shape[0] }
  const whole = { count: 1, length: values.length }
  if (!projected || shape.length < 2) return [null, whole]
  for (const [view, cut] of [
    ['rows', rows],
    ['whole', whole],
  ] as const)
    if (alignment(values, gradient, cut, epsilon) < threshold / Math.sqrt(cut.length)) return [view, cut]
  return [null, whole]
}

/** A parameter before its first step, without momentum. */
export function startDescent({ values, shape }: Parameter): ProjectedDescent {
  if (values.length === 0 || shape.reduce((product, size) => product * size, 1) !== values.length)
    throw new RangeError(`A shape of ${shape.join(' × ')} does not hold ${values.length} values.`)
  return { values, shape, count: 0, first: new Float64Array(values.length), second: new Float64Array(values.length), view: null }
}

/** What is to be done with a step, and what is remembered. */
function plan(state: ProjectedDescent, gradient: Float64Array, settings: Settings) {
  if (settings.base === 'sgd') {
    const { momentum, dampening, nesterov } = settings
    const first = state.first.map((value, i) => momentum * value + (1 - dampening) * gradient[i])
    return {
      ...{ first, second: state.second, scale: settings.rate },
      direction: nesterov ? first.map((value, i) => gradient[i] + momentum * value) : first,
      shrink: (settings.rate * settings.decay) / (1 - momentum),
    }
  }
  const { beta1, beta2, epsilon, nesterov } = settings
  const count = state.count + 1
  const first = state.first.map((value, i) => beta1 * value + (1 - beta1) * gradient[i])
  const second = state.second.map((value, i) => beta2 * value + (1 - beta2) * gradient[i] ** 2)
  const bias = Math.sqrt(1 - beta2 ** count)
  const ahead = (i: number) => (nesterov ? beta1 * first[i] + (1 - beta1) * gradient[i] : first[i])
  return {
    ...{ first, second, scale: settings.rate / (1 - beta1 ** count) },
    direction: second.map((value, i) => ahead(i) / (Math.sqrt(value) / bias + epsilon)),
    shrink: settings.rate * settings.decay,
  }
}

/** One step of AdamP or SGDP, as the settings say. The gradient is of the values' length. @throws RangeError where it is not, or is not finite. */
export function stepProjected(state: ProjectedDescent, gradient: Float64Array, settings: Settings): ProjectedDescent {
  if (gradient.length !== state.values.length)
    throw new RangeError(`A gradient of ${gradient.length} does not fit ${state.values.length} values.`)
  expectFinite(gradient, 'The gradient')
  const { direction, first, second, scale, shrink } = plan(state, gradient, settings)
  const [view, rows] = viewOf(state, gradient, settings)
  const step = view ? tangent(direction, state.values, rows, settings.epsilon) : direction
  const kept = 1 - shrink * (view ? settings.decayShare : 1)
  return {
    ...{ shape: state.shape, count: state.count + 1, second, view },
    // SGDP projects its buffer itself where there is no look ahead; AdamP never does.
    first: settings.base === 'sgd' && !settings.nesterov ? step : first,
    values: state.values.map((value, i) => value * kept - scale * step[i]),
  }
}

/**
 * Adam, or SGD with momentum, for values whose size means nothing, only their direction: rows of a quaternion, normalised filters. The
 * slope of such a row p stands at a right angle to it, but the step u does not, and lets it grow until nothing turns any more. Where the
 * greatest |cos(g, p)| of all rows is below threshold / √length, u - p̂ (p̂ · u) is taken instead: first by rows, else the whole tensor.
 * Then |p|² grows only by the square of the step. The test uses what is there before decay.
 */
export const adamp = define({
  id: 'adamp',
  role: 'optimizer',
  title: 'AdamP',
  summary: 'Fits rotations and normalised filters at a steady pace, without letting their size run away.',
  paper: {
    title: 'AdamP: Slowing Down the Slowdown for Momentum Optimizers on Scale-invariant Weights',
    year: 2021,
    link: 'https://arxiv.org/abs/2006.08217',
  },
  params,
  needs: {},
  make: (settings) => ({
    start: startDescent,
    step: (state: ProjectedDescent, gradient) => stepProjected(state, gradient, settings),
  }),
})
