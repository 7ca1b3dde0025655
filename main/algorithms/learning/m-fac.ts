import { z } from 'zod'
import { emptyWindow, type FisherWindow, type InverseFisher, pushed, windowApply } from '../../math/inverse-fisher.ts'
import { expectFinite } from '../../math/mix.ts'
import { define } from '../define.ts'
import type { Descent } from '../optimizer.ts'

const params = z.object({
  rate: z.number().gt(0).default(1e-3).meta({ title: 'Rate' }),
  window: z.int().min(1).max(4096).default(32).meta({ title: 'Window', description: 'How many slopes the curvature is made of.' }),
  // The reference has 1e-5, for windows of a thousand noisy slopes; a small window leaves directions unheard, and there it runs away.
  damping: z.number().gt(0).default(1e-2).meta({
    title: 'Damping',
    description: 'Curvature of what no slope has spoken of. Below half of rate × curvature the fit swings.',
  }),
  momentum: z.number().min(0).lt(1).default(0).meta({ title: 'Momentum' }),
  decay: z.number().min(0).default(0).meta({ title: 'Decay', description: 'How fast values shrink towards nothing.' }),
})
type Settings = z.output<typeof params>

export interface CurvedDescent extends Descent {
  readonly window: FisherWindow
  readonly velocity: Float64Array
}

/** One step along the inverse Fisher of the window, which this gradient enters first. @throws RangeError where it does not fit the values. */
export function stepCurved(state: CurvedDescent, given: Float64Array, { rate, damping, momentum, decay }: Settings): CurvedDescent {
  const { values, count } = state
  if (given.length !== values.length) throw new RangeError(`A gradient of ${given.length} does not fit ${values.length} values.`)
  expectFinite(given, 'The gradient')
  const gradient = given.map((value, i) => value + decay * values[i])
  const window = pushed(state.window, gradient)
  const direction = windowApply(window, damping, gradient)
  const velocity = momentum > 0 ? direction.map((value, i) => momentum * state.velocity[i] + (1 - momentum) * value) : direction
  return { window, velocity, count: count + 1, values: values.map((value, i) => value - rate * velocity[i]) }
}

/** What a removal leaves. */
export interface Pruned {
  readonly weights: Float64Array
  /** Places that are now exactly 0, rising. */
  readonly dropped: readonly number[]
  /** What each weight's removal alone would have cost: w² / (2 [F⁻¹]). */
  readonly saliency: Float64Array
}

/**
 * Removes the weights that matter least and lets the others make up for it: w += F⁻¹ x with x = -w / [F⁻¹] where dropped. One round at
 * a time: with many to remove take gradients anew between rounds, as related weights contradict each other.
 * @throws RangeError where `drop` is not a count of weights.
 */
export function prune(weights: Float64Array, inverse: InverseFisher, drop: number): Pruned {
  if (!Number.isInteger(drop) || drop < 0 || drop > weights.length)
    throw new RangeError(`${drop} of ${weights.length} weights cannot be removed.`)
  const diagonal = inverse.diagonal()
  const saliency = weights.map((weight, i) => weight ** 2 / (2 * diagonal[i]))
  const dropped = Array.from(weights.keys())
    .sort((a, b) => saliency[a] - saliency[b])
    .slice(0, drop)
    .sort((a, b) => a - b)
  const pull = new Float64Array(weights.length)
  for (const i of dropped) pull[i] = -weights[i] / diagonal[i]
  const change = inverse.apply(pull)
  const kept = weights.map((weight, i) => weight + change[i])
  for (const i of dropped) kept[i] = 0
  return { weights: kept, dropped, saliency }
}

/**
 * Steps by the inverse of the empirical Fisher, F = λ I + (1/m) Σ g gᵀ of the last m gradients: h = F⁻¹ g, the newest among them, at
 * the cost of m products of gradients; no matrix of the size of the values squared is ever formed. The same inverse says which weights
 * matter least, and what the others must do for it (`prune`).
 */
export const mFac = define({
  id: 'm-fac',
  role: 'optimizer',
  title: 'M-FAC',
  summary: 'Polishes a fit with what its slopes tell of curvature, and finds what can be left out.',
  paper: {
    title: 'M-FAC: Efficient Matrix-Free Approximations of Second-Order Information',
    year: 2021,
    link: 'https://arxiv.org/abs/2107.03356',
  },
  params,
  needs: {},
  make: (settings) => ({
    start({ values, shape }) {
      if (values.length === 0 || shape.reduce((product, size) => product * size, 1) !== values.length)
        throw new RangeError(`A shape of ${shape.join(' × ')} does not hold ${values.length} values.`)
      return { values, count: 0, window: emptyWindow(settings.window), velocity: new Float64Array(values.length) }
    },
    step: (state: CurvedDescent, gradient) => stepCurved(state, gradient, settings),
  }),
})
