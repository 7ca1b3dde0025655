import { noPotentials, type Potentials, planOf, sinkhorn, type TransportProblem, transportValues } from '../../math/entropic-transport.ts'
import { outcome } from '../../math/integrate.ts'
import { addSlope, type Cloud, cloudProblem, costBetween, type PointCost, widthOf } from '../../math/point-cost.ts'
import type { TransportSolver } from '../transport.ts'

/** What a map is trained against. */
export interface MongeTask {
  readonly cost: PointCost
  readonly reference: Cloud
  /** Where the map shall be a good one: the first `sourceWeights.length` points are the palette, the others stand for all colours. */
  readonly rho: Cloud
  readonly sourceWeights: Float64Array
  readonly epsilonFit: number
  readonly epsilonGap: number
  /** How much going no further than needed counts. */
  readonly lambda: number
  /** How wrong the plans may be where sweeps alone find them. */
  readonly tolerance: number
  /** Finds the plans that sweeps do not. */
  readonly solver: TransportSolver
}

/** The prices of the last step, to go on from. */
export interface Prices {
  readonly fit?: Potentials
  readonly self?: Potentials
  readonly gap?: Potentials
}

interface Carried {
  readonly entries: Float64Array
  readonly entropic: number
  readonly relative: number
  readonly potentials: Potentials
}

/** From the last step's prices a few sweeps are enough; where they are not, the solver goes on. */
const MOST_SWEEPS = 1000

async function carry(
  problem: TransportProblem,
  start: Potentials | undefined,
  { tolerance, solver }: MongeTask,
  signal: AbortSignal,
): Promise<Carried> {
  const swept = sinkhorn(problem, start ?? noPotentials(problem), MOST_SWEEPS, tolerance)
  if (!(swept.error < tolerance)) {
    const { f, g, plan, entropic, relative } = await outcome(solver.solve(problem, signal, swept.potentials))
    return { entries: plan, entropic, relative, potentials: { f, g } }
  }
  const plan = planOf(problem, swept.potentials)
  if (!plan) throw new RangeError('The costs are too large to be told from one another.')
  return { entries: plan.entries, potentials: swept.potentials, ...transportValues(problem, swept.potentials, plan) }
}

/** Adds `factor` times the slope of ⟨plan, cost(y, x)⟩ in y; the plan is held, which is exact where it is the best one. */
function addPull(
  target: Float64Array,
  factor: number,
  kind: PointCost,
  plan: Float64Array,
  y: Cloud,
  x: Cloud,
  isTransposed = false,
): void {
  const [rows, columns, width] = [y.weights.length, x.weights.length, widthOf(y)]
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const entry = plan[isTransposed ? j * rows + i : i * columns + j]
      addSlope(target, factor * entry, kind, y.points, i, x.points, j, width)
    }
}

/** What does not depend on the map: what it costs to carry the reference onto itself. */
export async function selfCost(task: MongeTask, signal: AbortSignal): Promise<number> {
  const { cost, reference, epsilonFit } = task
  return (await carry(cloudProblem(cost, reference, reference, epsilonFit), undefined, task, signal)).relative
}

export interface Divergence {
  readonly value: number
  readonly slope: Float64Array
  readonly fit: Carried
  readonly self: Carried
}

/** S = W(y, z) - W(y, y) / 2 - W(z, z) / 2, with W = ⟨P, cost⟩ + epsilon KL(P | a bᵀ): 0 exactly where the clouds agree. */
export async function divergence(
  task: MongeTask,
  mapped: Cloud,
  referenceSelf: number,
  prices: Prices,
  signal: AbortSignal,
): Promise<Divergence> {
  const { cost, reference, epsilonFit } = task
  const fit = await carry(cloudProblem(cost, mapped, reference, epsilonFit), prices.fit, task, signal)
  const self = await carry(cloudProblem(cost, mapped, mapped, epsilonFit), prices.self, task, signal)
  const slope = new Float64Array(mapped.points.length)
  addPull(slope, 1, cost, fit.entries, mapped, reference)
  addPull(slope, -0.5, cost, self.entries, mapped, mapped)
  addPull(slope, -0.5, cost, self.entries, mapped, mapped, true)
  return { value: fit.relative - 0.5 * self.relative - 0.5 * referenceSelf, slope, fit, self }
}

export interface Gap {
  readonly value: number
  readonly slope: Float64Array
  readonly plan: Carried
}

/** What a map's ways cost beyond the cheapest ways with the same ends: Σ r cost(x, T x) - W(x, T x). Never below 0. */
export async function mongeGap(task: MongeTask, mapped: Cloud, prices: Prices, signal: AbortSignal): Promise<Gap> {
  const { cost, rho, epsilonGap } = task
  const width = widthOf(rho)
  const plan = await carry(cloudProblem(cost, rho, mapped, epsilonGap), prices.gap, task, signal)
  const slope = new Float64Array(mapped.points.length)
  let ways = 0
  for (const [i, weight] of rho.weights.entries()) {
    ways += weight * costBetween(cost, rho.points, i, mapped.points, i, width)
    addSlope(slope, weight, cost, mapped.points, i, rho.points, i, width)
  }
  addPull(slope, -1, cost, plan.entries, mapped, rho, true)
  return { value: ways - plan.entropic, slope, plan }
}

export interface MongeLoss {
  readonly divergence: Divergence
  readonly gap: Gap
  readonly total: number
  /** In the mapped points of rho. */
  readonly slope: Float64Array
  readonly prices: Prices
}

/** S(T source, reference) + lambda gap(T), and its slope in where the map takes the points. */
export async function mongeLoss(
  task: MongeTask,
  mappedPoints: Float64Array,
  referenceSelf: number,
  prices: Prices,
  signal: AbortSignal,
): Promise<MongeLoss> {
  const mapped = { points: mappedPoints, weights: task.rho.weights }
  const palette = { points: mappedPoints.subarray(0, task.sourceWeights.length * widthOf(mapped)), weights: task.sourceWeights }
  const apart = await divergence(task, palette, referenceSelf, prices, signal)
  const gap = await mongeGap(task, mapped, prices, signal)
  const slope = gap.slope.map((value, i) => task.lambda * value + (i < apart.slope.length ? apart.slope[i] : 0))
  return {
    ...{ divergence: apart, gap, slope, total: apart.value + task.lambda * gap.value },
    prices: { fit: apart.fit.potentials, self: apart.self.potentials, gap: gap.plan.potentials },
  }
}
