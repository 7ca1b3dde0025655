import { z } from 'zod'
import { conjugateGradient } from '../../../math/conjugate-gradient.ts'
import type { Node } from '../../../math/gaussian-path.ts'
import { integrate, type Tick } from '../../../math/integrate.ts'
import { expectFinite, mix } from '../../../math/mix.ts'
import { sizeOf } from '../../../math/tensor.ts'
import { define } from '../../define.ts'
import type { Estimate, Measurement } from '../../measurement.ts'
import { firstSplit, type Split, splitStep, splitSystem } from './dds-stack.ts'
import { expectMeasured } from './measured.ts'

const params = z.object({
  eta: z.number().min(0).max(1).default(0.85).meta({
    title: 'Fresh noise',
    description: 'Share of the noise that is drawn anew in each step: 0 gives the same every time, more forgives a wrong start.',
  }),
  iterations: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .meta({ title: 'Data steps', description: 'Conjugate gradient steps towards the measurement.' }),
  tolerance: z
    .number()
    .min(0)
    .default(1e-5)
    .meta({ title: 'Tolerance', description: 'Data steps end early where the residual is shorter.' }),
  gamma: z
    .number()
    .gt(0)
    .max(1000)
    .default(1)
    .meta({ title: 'Trust', description: 'How far a noisy measurement is trusted against the model.' }),
  clip: z.boolean().default(true).meta({ title: 'Clip', description: 'Keep the model’s guesses within black and white.' }),
  stack: z
    .object({
      slices: z.int().min(2),
      rho: z.number().gt(0).default(10),
      lambda: z.number().min(0).default(0.04),
      periodic: z.boolean().default(true),
    })
    .nullable()
    .default(null)
    .meta({ title: 'Stack', description: 'For frames or slices of one thing: how strongly each is tied to the next.' }),
})
type Settings = z.output<typeof params>

export interface DdsState extends Estimate {
  readonly x: Float64Array
  /** What the network said, the clean picture that follows, and that picture brought towards the measurement (also `estimate`). */
  readonly eps: Float64Array
  readonly x0: Float64Array
  readonly split: Split | null
}

/** The clean picture brought towards the measurement. @throws RangeError where the operator's adjoint is none. */
function consistent(x0: Float64Array, { operator, y, deviation }: Measurement, settings: Settings, split: Split | null): Float64Array {
  const { iterations, tolerance, gamma, stack } = settings
  const normal = (x: Float64Array) => operator.adjoint(operator.apply(x), x)
  const back = operator.adjoint(y, x0)
  const [apply, right] =
    stack && split
      ? splitSystem(normal, back, split, stack)
      : deviation > 0
        ? [(x: Float64Array) => mix([1, x], [gamma, normal(x)]), mix([1, x0], [gamma, back])]
        : [normal, back]
  const { value, status } = conjugateGradient(apply, right, x0, { iterations, tolerance })
  if (status === 'indefinite') throw new RangeError('The operator and its adjoint do not belong together.')
  return value
}

/** x at the next level. From what the released code does on the level before the last: the picture goes on without noise. */
function renoised(x0: Float64Array, eps: Float64Array, to: Node, eta: number, draw: Measurement['draw']): Float64Array {
  if (to.sigma === 0 || to.label === 0) return x0
  const kept = to.sigma * Math.sqrt(1 - eta * eta)
  return eta > 0 ? mix([to.alpha, x0], [kept, eps], [to.sigma * eta, draw(x0.length)]) : mix([to.alpha, x0], [kept, eps])
}

/** The sampler, telling all of its state after each step. */
export async function* decomposed(
  measured: Measurement,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Tick<DdsState>, Float64Array, void> {
  expectMeasured(measured)
  const { operator, legs, denoise, draw } = measured
  const size = sizeOf(operator.inShape)
  const { sigma } = legs[0].from
  const x = measured.start ?? draw(size).map((value) => value * sigma)
  const start: DdsState = { x, eps: x, x0: x, estimate: x, split: settings.stack && firstSplit(size) }
  const end = yield* integrate<DdsState>(
    start,
    Array.from({ length: legs.length + 1 }, (_, i) => i),
    async function* (state, place, _, stop) {
      const { from, to } = legs[place]
      const { eps } = await denoise(state.x, from, stop)
      expectFinite(eps, `What the model says at step ${place + 1}`)
      const guess = mix([1 / from.alpha, state.x], [-from.sigma / from.alpha, eps])
      const x0 = settings.clip ? guess.map((value) => Math.min(1, Math.max(-1, value))) : guess
      const estimate = consistent(x0, measured, settings, state.split)
      const split = settings.stack && state.split && splitStep(estimate, state.split, settings.stack)
      return { x: renoised(estimate, eps, to, settings.eta, draw), eps, x0, estimate, split }
    },
    signal,
  )
  return end.estimate
}

/**
 * DDS: in each step the clean picture x0 = (x - sigma eps) / alpha is brought towards the measurement by a few conjugate gradient
 * steps started at it, on AᵀA x = Aᵀy where nothing is noisy and on (I + gamma AᵀA) x = x0 + gamma Aᵀy where something is; then
 * noise is put on again, x' = alpha' x0' + sigma' (eta n + sqrt(1 - eta²) eps). No gradient goes through the network. Begins with
 * noise unless told where. Wants even levels from the noisiest to none.
 */
export const dds = define({
  id: 'dds',
  role: 'reconstructor',
  title: 'Faithful restore',
  summary: 'Undoes a known damage quickly and stays true to every pixel that was measured.',
  paper: {
    title: 'Decomposed Diffusion Sampler for Accelerating Large-Scale Inverse Problems',
    year: 2024,
    link: 'https://arxiv.org/abs/2303.05754',
  },
  params,
  needs: {},
  make: (settings) => ({
    calls: (legs) => legs.length,
    reconstruct: (measured, signal) => decomposed(measured, settings, signal),
  }),
})
