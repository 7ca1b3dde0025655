import { z } from 'zod'
import { mix } from '../../math/mix.ts'
import { tsitouras } from '../../math/tsitouras.ts'
import { define } from '../define.ts'
import type { Place, StepPenalty, TrainedField } from '../penalty.ts'

const params = z.object({
  kind: z.enum(['error', 'stiffness']).default('error').meta({
    title: 'Kind',
    description: 'What is made small: the error of a step, or how stiff the field is.',
  }),
  absolute: z.number().gt(0).default(1e-3).meta({ title: 'Absolute tolerance' }),
  relative: z.number().gt(0).default(1e-3).meta({ title: 'Relative tolerance' }),
})
type Settings = z.output<typeof params>

/** Steps closer to the end than this are none. */
const NEAREST = 1e-3
const ORDER = 5

const rms = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
const minus = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - b[i])

/** u + dt Σ weight · stage */
function reached(u: Float64Array, dt: number, weights: readonly number[], stages: readonly Float64Array[]): Float64Array {
  return u.map((value, i) => weights.reduce((sum, weight, j) => sum + dt * weight * stages[j][i], value))
}

/** The first step that Hairer, Nørsett and Wanner propose (Solving Ordinary Differential Equations I, II.4). */
export function firstStep({ at }: TrainedField, u: Float64Array, t: number, { absolute, relative }: Settings): number {
  const scaled = (values: Float64Array) => rms(values.map((value, i) => value / (absolute + relative * Math.abs(u[i]))))
  const f = at(u, t)
  const [d0, d1] = [scaled(u), scaled(f)]
  const h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : (0.01 * d0) / d1
  const moved = u.map((value, i) => value + h0 * f[i])
  const d2 = scaled(minus(at(moved, t + h0), f)) / h0
  const most = Math.max(d1, d2)
  const h1 = most <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : (0.01 / most) ** (1 / ORDER)
  return Math.min(100 * h0, h1)
}

/** One step, its two estimates, and the slope of the chosen one in the weights. */
export function stepPenalty(field: TrainedField, { u, t, end, dt: given }: Place, settings: Settings): StepPenalty {
  if (!(t <= end - NEAREST)) throw new RangeError(`A step from ${t} does not lie before the end at ${end}.`)
  const dt = Math.min(given ?? firstStep(field, u, t, settings), end - t)
  const { rows, nodes, errors, stability } = tsitouras
  const states = [u]
  const stages = [field.at(u, t)]
  for (const [i, row] of rows.entries()) {
    states.push(reached(u, dt, row, stages))
    stages.push(field.at(states[i + 1], t + nodes[i + 1] * dt))
  }
  const [before, next] = [states[5], states[6]]
  const missed = reached(new Float64Array(u.length), dt, errors, stages)
  const scale = u.map((value, i) => settings.absolute + settings.relative * Math.max(Math.abs(value), Math.abs(next[i])))
  const shares = missed.map((value, i) => value / scale[i])
  const error = rms(shares)
  const [rise, run] = [minus(stages[6], stages[5]), minus(next, before)]
  const [high, wide] = [rms(rise), rms(run)]
  const stiffness = wide === 0 ? 0 : high / wide / stability
  const value = settings.kind === 'error' ? error * dt : stiffness
  if (!Number.isFinite(value)) throw new RangeError(`What the field says at ${t} is not finite.`)

  // What a change of each stage, and of each state, does to the value. u, dt and the first stage are constants.
  const toStages = stages.map(() => new Float64Array(u.length))
  const toStates = states.map(() => new Float64Array(u.length))
  if (settings.kind === 'error' && error > 0) {
    const pull = shares.map((share) => (dt * share) / (error * u.length))
    for (let i = 0; i < u.length; i++) {
      for (let j = 1; j < stages.length; j++) toStages[j][i] = (dt * errors[j] * pull[i]) / scale[i]
      if (Math.abs(next[i]) > Math.abs(u[i])) toStates[6][i] = (-pull[i] * shares[i] * settings.relative * Math.sign(next[i])) / scale[i]
    }
  } else if (settings.kind === 'stiffness' && high > 0 && wide > 0) {
    for (let i = 0; i < u.length; i++) {
      const [up, along] = [(stiffness * rise[i]) / (high * high * u.length), (stiffness * run[i]) / (wide * wide * u.length)]
      toStages[6][i] = up
      toStages[5][i] = -up
      toStates[6][i] = -along
      toStates[5][i] = along
    }
  }
  const shareOf: Float64Array[] = []
  for (let i = 6; i >= 1; i--) {
    const pulled = field.pull(states[i], t + nodes[i] * dt, toStages[i])
    shareOf.push(pulled.weights)
    const whole = toStates[i].map((sum, k) => sum + pulled.u[k])
    for (const [j, weight] of rows[i - 1].entries()) if (j > 0) for (let k = 0; k < u.length; k++) toStages[j][k] += dt * weight * whole[k]
  }
  const gradient = mix(...shareOf.map((weights) => [1, weights] as const))
  return { value, gradient, dt, next, error, stiffness }
}

/**
 * A flow that is cheap to follow: at one random place of its way take one step of Tsitouras' method and add the step's own estimate to
 * the loss, of its error R = dt · rms(dt Σ b̃ k / (atol + rtol max(|u|, |u'|))), or of its stiffness R = rms(k₇ - k₆) / rms(u' - g₆) /
 * 3.5068. The place, dt and the first stage are constants; whatever solved the way to there stays a closed box. It helps networks that
 * are trained through a solver. A flow fitted to straight lines has its field fixed by them: there the second round is what helps.
 */
export const locallyRegularized = define({
  id: 'locally-regularized',
  role: 'flow-penalty',
  title: 'Fewer calls',
  summary: 'Trains a flow so that a solver gets through it in fewer calls.',
  paper: {
    title: 'Locally Regularized Neural Differential Equations: Some Black Boxes Were Meant to Remain Closed!',
    year: 2023,
    link: 'https://arxiv.org/abs/2303.02262',
  },
  params,
  needs: {},
  make: (settings) => ({ penalty: (field, place) => stepPenalty(field, place, settings) }),
})
