import { z } from 'zod'
import { adamStep, type Moments, noMoments } from '../../../math/adam.ts'
import type { Node } from '../../../math/gaussian-path.ts'
import { integrate, type Tick } from '../../../math/integrate.ts'
import { expectFinite, mix } from '../../../math/mix.ts'
import { sizeOf } from '../../../math/tensor.ts'
import { define } from '../../define.ts'
import type { Estimate, Measurement } from '../../measurement.ts'
import { expectMeasured } from './measured.ts'

/** Weights of the model by the noise over the signal. */
const WEIGHTS = {
  linear: (r: number) => r,
  sqrt: (r: number) => Math.sqrt(r),
  square: (r: number) => r * r,
  log: (r: number) => Math.log1p(r),
  trunc_linear: (r: number) => Math.min(r, 1),
  power2over3: (r: number) => r ** (2 / 3),
  const: () => 1,
} as const
type WeightKind = keyof typeof WEIGHTS

const params = z.object({
  lambda: z.number().min(0).max(10).default(0.25).meta({
    title: 'Imagination',
    description: 'Weight of the model of pictures against the measurement: low is faithful, high is imaginative.',
  }),
  trust: z.number().min(0).max(100).default(1).meta({ title: 'Trust', description: 'Weight of the measurement.' }),
  weight: z
    .enum(Object.keys(WEIGHTS) as [WeightKind, ...WeightKind[]])
    .default('linear')
    .meta({ title: 'Weighting', description: 'How the weight of the model follows the noise over the signal of a step.' }),
  rate: z
    .number()
    .gt(0)
    .max(1)
    .default(0.02)
    .meta({ title: 'Step size', description: 'Longest way of a pixel in one step; its range is 2.' }),
  spread: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta({ title: 'Spread', description: 'Deviation of the pictures looked at around the estimate.' }),
})
type Settings = z.output<typeof params>

export interface RedDiffState extends Estimate {
  readonly moments: Moments
  /** Where the network was asked in this step, and what it said. */
  readonly xt: Float64Array
  readonly eps: Float64Array
}

/** Slope of the loss at x0 = mu + spread n0: the model's part is (eps - n), held constant; the measurement's a least square. Means over values. */
function slopeOf(
  x0: Float64Array,
  eps: Float64Array,
  noise: Float64Array,
  at: Node,
  measured: Measurement,
  settings: Settings,
): Float64Array {
  const { operator, y } = measured
  const weight = (settings.lambda * WEIGHTS[settings.weight](at.sigma / at.alpha)) / x0.length
  const missed = mix([1, y], [-1, operator.apply(x0)])
  return mix([weight, eps], [-weight, noise], [-settings.trust / y.length, operator.adjoint(missed, x0)])
}

/** The optimiser, telling all of its state after each step. */
export async function* regularised(
  measured: Measurement,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Tick<RedDiffState>, Float64Array, void> {
  expectMeasured(measured)
  const { operator, legs, denoise, draw, y } = measured
  const size = sizeOf(operator.inShape)
  const mu = measured.start ?? operator.pinv?.(y) ?? operator.adjoint(y, new Float64Array(size))
  const adam = { rate: settings.rate, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }
  const end = yield* integrate<RedDiffState>(
    { estimate: mu, moments: noMoments(size), xt: mu, eps: mu },
    Array.from({ length: legs.length + 1 }, (_, i) => i),
    // biome-ignore lint/correctness/useYield: a step is one piece; there is nothing to tell from inside it.
    async function* ({ estimate, moments }, place, _, stop) {
      const { from } = legs[place]
      // Both are drawn in every step, in this order, so that a seed means the same whatever the spread.
      const around = draw(size)
      const noise = draw(size)
      const x0 = mix([1, estimate], [settings.spread, around])
      const xt = mix([from.alpha, x0], [from.sigma, noise])
      const { eps } = await denoise(xt, from, stop)
      expectFinite(eps, `What the model says at step ${place + 1}`)
      const next = adamStep(estimate, slopeOf(x0, eps, noise, from, measured, settings), moments, adam)
      return { estimate: next.x, moments: next.moments, xt, eps }
    },
    signal,
  )
  return end.estimate
}

/**
 * RED-Diff: the picture itself is optimised. In each step it is noised to the step's level, and where the network sees other noise
 * than was put in, the picture disagrees with what pictures look like; that disagreement, weighted by noise over signal, and the
 * misfit to the measurement are the slope of one Adam step. No gradient goes through the network, and any operator with a slope will
 * do. Levels fall, so that what nothing was measured of settles at the end. Begins with the pseudo-inverse unless told where. A
 * start at level 300 of 1000 keeps the start's large shapes, one at 1000 (with a rate of 0.1) is the paper's.
 */
export const redDiff = define({
  id: 'red-diff',
  role: 'reconstructor',
  title: 'Careful restore',
  summary: 'Undoes any known damage bit by bit; you watch it, and stop when it is good.',
  paper: {
    title: 'A Variational Perspective on Solving Inverse Problems with Diffusion Models',
    year: 2024,
    link: 'https://arxiv.org/abs/2305.04391',
  },
  params,
  needs: {},
  make: (settings) => ({
    calls: (legs) => legs.length,
    reconstruct: (measured, signal) => regularised(measured, settings, signal),
  }),
})
