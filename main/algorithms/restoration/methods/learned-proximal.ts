import { z } from 'zod'
import { conjugateGradients } from '../../../math/conjugate-gradient.ts'
import { integrate, outcome, type Tick } from '../../../math/integrate.ts'
import { expectFinite, mix } from '../../../math/mix.ts'
import { paced } from '../../../math/paced.ts'
import { noiseOf, normalsInto } from '../../../math/random.ts'
import { sizeOf } from '../../../math/tensor.ts'
import { define } from '../../define.ts'
import type { Damage, Estimate, Proximal } from '../../measurement.ts'
import { expectDamage } from './measured.ts'

const params = z.object({
  form: z.enum(['gradient', 'splitting']).default('gradient').meta({
    title: 'Form',
    description: 'Steps down the misfit, or the misfit solved for in each step, which gets there sooner where the damage is strong.',
  }),
  iterations: z.int().min(1).max(10_000).default(20).meta({ title: 'Steps', description: 'How many times the network is asked.' }),
  step: z.number().gt(0).nullable().default(null).meta({
    title: 'Step size',
    description: 'Of the form by gradient: must lie below 1 over the squared norm of the damage; empty for nine tenths of that.',
  }),
  rho: z
    .number()
    .gt(0)
    .default(1)
    .meta({ title: 'Coupling', description: 'Of the form by splitting: converges surely only above the squared norm of the damage.' }),
  tolerance: z
    .number()
    .min(0)
    .default(1e-5)
    .meta({ title: 'Tolerance', description: 'How exactly the form by splitting solves for the misfit.' }),
  clip: z.boolean().default(true).meta({ title: 'Clip', description: 'Keep the picture within black and white.' }),
})
type Settings = z.output<typeof params>

export interface ProximalState extends Estimate {
  /** What fits the measurement best near the estimate, and what the two still owe each other: of the form by splitting. */
  readonly fitted: Float64Array
  readonly dual: Float64Array
  /** Root mean square of what the last step changed: falls to 0 as it converges. */
  readonly change: number
}

/** Squared norm of the damage, by power iterations from a fixed start. */
function squaredNorm({ operator }: Damage): number {
  let x = new Float64Array(sizeOf(operator.inShape))
  normalsInto(x, noiseOf(1))
  let norm = 0
  for (let i = 0; i < 30; i++) {
    const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
    if (length === 0) return 0
    const unit = x.map((value) => value / length)
    x = operator.adjoint(operator.apply(unit), unit) as Float64Array<ArrayBuffer>
    norm = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
  }
  return norm
}

/** The iteration, telling all of its state after each step. */
export async function* proximalSteps(
  damage: Damage,
  { prox }: Proximal,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Tick<ProximalState>, Float64Array, void> {
  expectDamage(damage)
  const { operator, y } = damage
  const size = sizeOf(operator.inShape)
  const start = damage.start ?? operator.adjoint(y, new Float64Array(size))
  const step = settings.step ?? 0.9 / Math.max(squaredNorm(damage), Number.MIN_VALUE)
  const clipped = (x: Float64Array) => (settings.clip ? x.map((value) => Math.min(1, Math.max(0, value))) : x)
  const back = operator.adjoint(y, start)
  const normal = (x: Float64Array) => operator.adjoint(operator.apply(x), x)

  const byGradient = async (x: Float64Array, stop: AbortSignal) => prox(mix([1, x], [-step, normal(x)], [step, back]), stop)
  const bySplitting = async ({ estimate, dual, fitted }: ProximalState, stop: AbortSignal) => {
    const near = mix([1, estimate], [-1, dual])
    const limits = { iterations: Math.max(30, size), tolerance: settings.tolerance }
    const system = (x: Float64Array) => mix([1, normal(x)], [settings.rho, x])
    // Pictures are large: others have a turn between two of its steps.
    const solved = await outcome(paced(conjugateGradients(system, mix([1, back], [settings.rho, near]), fitted, limits), stop))
    if (solved.status === 'indefinite') throw new RangeError('The operator and its adjoint do not belong together.')
    const next = mix([1, dual], [1, solved.value], [-1, estimate])
    return { fitted: solved.value, dual: next, estimate: await prox(mix([1, solved.value], [1, next]), stop) }
  }
  const end = yield* integrate<ProximalState>(
    { estimate: start, fitted: start, dual: new Float64Array(size), change: Number.POSITIVE_INFINITY },
    Array.from({ length: settings.iterations + 1 }, (_, i) => i),
    async function* (state, place, _, stop) {
      const next =
        settings.form === 'gradient' ? { ...state, estimate: await byGradient(state.estimate, stop) } : await bySplitting(state, stop)
      expectFinite(next.estimate, `What the network says at step ${place + 1}`)
      const estimate = clipped(next.estimate)
      const change = Math.sqrt(estimate.reduce((sum, value, i) => sum + (value - state.estimate[i]) ** 2, 0) / size)
      return { ...next, estimate, change }
    },
    signal,
  )
  return end.estimate
}

/**
 * Plug and play with a learned proximal network. The network is by construction the proximal operator of a regulariser R, so the
 * iteration minimises something, and provably comes to rest: x ← f(x - eta Aᵀ(A x - y)), or by splitting, x = argmin ½|A x - y|² +
 * rho/2 |x - (z - u)|², u ← u + x - z, z ← f(x + u). The strength lies in eta and rho, the network has none of its own.
 */
export const learnedProximal = define({
  id: 'learned-proximal',
  role: 'plug-and-play',
  title: 'Steady restore',
  summary: 'Undoes a known damage in steps that surely settle; it can tell how natural a picture is.',
  paper: {
    title: 'What’s in a Prior? Learned Proximal Networks for Inverse Problems',
    year: 2024,
    link: 'https://arxiv.org/abs/2310.14344',
  },
  params,
  needs: {},
  make: (settings) => ({ reconstruct: (damage, proximal, signal) => proximalSteps(damage, proximal, settings, signal) }),
})
