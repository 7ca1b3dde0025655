import { z } from 'zod'
import {
  dualValue,
  lackOf,
  logSweep,
  marginalError,
  noPotentials,
  type Plan,
  type Potentials,
  planOf,
  sinkhorn,
  type TransportProblem,
  transportValues,
} from '../../math/entropic-transport.ts'
import type { Tick } from '../../math/integrate.ts'
import { countThreshold, denseDirection, massThreshold, sparseDirection, sparsify } from '../../math/sparse-newton.ts'
import { define } from '../define.ts'
import type { Transport, TransportStatus } from '../transport.ts'
import { expectProblem, reinsert, withoutNothing } from './weighted.ts'

const params = z.object({
  sweeps: z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .meta({ title: 'Sweeps', description: 'Sweeps of scaling before the first step of Newton.' }),
  steps: z.int().min(0).max(1000).default(100).meta({ title: 'Steps', description: 'The most steps of Newton.' }),
  tolerance: z.number().gt(0).default(1e-9).meta({ title: 'Tolerance', description: 'Ends where the sums of the plan are wrong by less.' }),
  kept: z.enum(['mass', 'count', 'all']).default('mass').meta({
    title: 'Entries kept',
    description: 'Which entries of the plan a step of Newton looks at: nearly all that is carried, a fixed number a row, or everything.',
  }),
  perRow: z.int().min(1).default(8).meta({ title: 'Entries a row', description: 'Where a fixed number is kept.' }),
})
type Settings = z.output<typeof params>

interface Place {
  readonly potentials: Potentials
  readonly plan: Plan
  readonly value: number
}

/** Below this share of the largest cost, epsilon is approached from above. */
const SHARP = 1e-4
const HALVINGS = 30
/** The whole matrix is taken apart up to this size alone. */
const DENSE = 512
const PATIENCE = 5

function placeOf(problem: TransportProblem, potentials: Potentials): Place | null {
  const plan = planOf(problem, potentials)
  return plan && { potentials, plan, value: dualValue(problem, potentials, plan) }
}

function directionOf(problem: TransportProblem, plan: Plan, lack: Float64Array, error: number, { kept, perRow }: Settings): Float64Array {
  const { rows, columns, epsilon } = problem
  if (kept === 'all' && rows + columns <= DENSE)
    try {
      return denseDirection(plan, lack, epsilon)
    } catch (fault) {
      // A plan in pieces has more than one direction that changes nothing: conjugate gradients do not mind.
      if (!(fault instanceof RangeError)) throw fault
    }
  const count = Math.min(rows * columns, perRow * Math.max(rows, columns))
  const byRule = {
    mass: () => massThreshold(plan, Math.min(0.01, 0.1 * error)),
    count: () => countThreshold(plan.entries, count),
    all: () => 0,
  }
  return sparseDirection(plan, sparsify(plan, byRule[kept]()), lack, epsilon, Math.max(1e-6, Math.min(1e-2, error)))
}

/** Along the direction to where F has risen enough; null where it does not rise. */
function climb(problem: TransportProblem, from: Place, direction: Float64Array, lack: Float64Array): Place | null {
  const slope = direction.reduce((sum, value, i) => sum + value * lack[i], 0)
  const { f, g } = from.potentials
  for (let t = 1, tries = 0; tries < HALVINGS; t /= 2, tries++) {
    const moved = {
      f: f.map((value, i) => value + t * direction[i]),
      g: g.map((value, j) => value + t * direction[f.length + j]),
    }
    const next = placeOf(problem, moved)
    if (next && next.value >= from.value + 1e-4 * t * slope - 1e-14 * Math.abs(from.value)) return next
  }
  return null
}

interface Way {
  readonly place: Place
  readonly error: number
  readonly sweeps: number
  readonly newtonSteps: number
  readonly status: TransportStatus
}

async function* newton(
  problem: TransportProblem,
  start: Potentials,
  tolerance: number,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Tick<number>, Way, void> {
  const warm = sinkhorn(problem, start, settings.sweeps, tolerance)
  let { sweeps } = warm
  let place = placeOf(problem, warm.potentials)
  if (!place) throw new RangeError('The costs are too large to be told from one another.')
  const errors: number[] = []
  const values: number[] = []
  for (let step = 0; ; step++) {
    const error = marginalError(problem, place.plan)
    const way = (status: TransportStatus): Way => ({ place: place as Place, error, sweeps, newtonSteps: step, status })
    if (error < tolerance) return way('converged')
    // At the end of the way nothing is gained and the error stands still; on the way it may stand still too, but F rises.
    const since = errors.length - PATIENCE
    if (since >= 0 && error > 0.5 * errors[since] && place.value - values[since] < 1e-13 * (Math.abs(place.value) + problem.epsilon))
      return way('stalled')
    if (step === settings.steps) return way('limit')
    errors.push(error)
    values.push(place.value)
    signal.throwIfAborted()
    const lack = lackOf(problem, place.plan)
    const next: Place | null = climb(problem, place, directionOf(problem, place.plan, lack, error, settings), lack)
    if (!next) sweeps++
    place = next ?? placeOf(problem, logSweep(problem, place.potentials)) ?? place
    yield { step: step + 1, steps: settings.steps, state: error }
  }
}

/** Epsilon itself, or from the largest cost down to it by fours. */
function levelsOf({ cost, epsilon }: TransportProblem): number[] {
  const most = cost.reduce((top, value) => Math.max(top, value), 0)
  if (epsilon >= SHARP * most) return [epsilon]
  const levels: number[] = []
  for (let level = most; level > epsilon; level /= 4) levels.push(level)
  return [...levels, epsilon]
}

async function* solve(
  given: TransportProblem,
  signal: AbortSignal,
  settings: Settings,
  start?: Potentials,
): AsyncGenerator<Tick<number>, Transport, void> {
  signal.throwIfAborted()
  expectProblem(given)
  const lean = withoutNothing(given, start)
  const levels = lean.start ? [given.epsilon] : levelsOf(given)
  let potentials = lean.start ?? noPotentials(lean.problem)
  let [sweeps, newtonSteps] = [0, 0]
  for (const [i, epsilon] of levels.entries()) {
    const problem = { ...lean.problem, epsilon }
    const isLast = i === levels.length - 1
    const way = yield* newton(problem, potentials, isLast ? settings.tolerance : Math.max(1e-3, settings.tolerance), settings, signal)
    potentials = way.place.potentials
    sweeps += way.sweeps
    newtonSteps += way.newtonSteps
    if (!isLast) continue
    const { place, error, status } = way
    const found = { ...potentials, plan: place.plan.entries }
    return { ...reinsert(lean, found), ...transportValues(problem, potentials, place.plan), error, status, sweeps, newtonSteps }
  }
  throw new RangeError('There is no level to solve at.')
}

/**
 * Sinkhorn's sweeps bring the plan near; then Newton on F(f, g) = a·f + b·g - epsilon Σ exp((f + g - cost) / epsilon), whose curvature
 * [[diag P1, P], [Pᵀ, diag Pᵀ1]] / epsilon is almost empty beside its diagonal: the smallest entries are left out, as many as make up a
 * tenth of the present error, and conjugate gradients solve what stays. The reference keeps a fixed number of entries; by mass it also
 * holds where the plan is diffuse, as those of colours are.
 */
export const sinkhornNewtonSparse = define({
  id: 'sinkhorn-newton-sparse',
  role: 'transport-solver',
  title: 'Sinkhorn, Newton, sparse',
  summary: 'Finds how one palette turns into another, to high accuracy, in tens of steps.',
  paper: {
    title: 'Accelerating Sinkhorn Algorithm with Sparse Newton Iterations',
    year: 2024,
    link: 'https://arxiv.org/abs/2401.12253',
  },
  params,
  needs: {},
  make: (settings) => ({ solve: (problem, signal, start) => solve(problem, signal, settings, start) }),
})
