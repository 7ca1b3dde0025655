import { conjugateGradients } from '../../../math/conjugate-gradient.ts'
import { integrate, outcome, type Tick } from '../../../math/integrate.ts'
import { expectFinite, mix } from '../../../math/mix.ts'
import { paced } from '../../../math/paced.ts'
import { noiseOf, normalsInto } from '../../../math/random.ts'
import { sizeOf } from '../../../math/tensor.ts'
import type { Damage, Estimate, Proximal } from '../../measurement.ts'
import { expectDamage } from './measured.ts'

/** How plug and play with a proximal network steps; `learned-proximal` says what each means. */
export interface ProximalSettings {
  readonly form: 'gradient' | 'splitting'
  readonly iterations: number
  /** Null: nine tenths of what surely converges. */
  readonly step: number | null
  readonly rho: number
  readonly tolerance: number
  readonly clip: boolean
}

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
  settings: ProximalSettings,
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
