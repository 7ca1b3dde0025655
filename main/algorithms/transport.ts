import type { Potentials, TransportProblem, TransportValues } from '../math/entropic-transport.ts'
import type { Tick } from '../math/integrate.ts'

/** How a plan was found. `stalled`: rounding allows no better. `limit`: there were not enough steps. */
export type TransportStatus = 'converged' | 'stalled' | 'limit'

/** A plan and what is said of it; rows and columns without weight have potentials of minus infinity, and nothing in the plan. */
export interface Transport extends Potentials, TransportValues {
  /** [row, column]. */
  readonly plan: Float64Array
  /** How far the plan's sums are from the weights, added up. */
  readonly error: number
  readonly status: TransportStatus
  readonly sweeps: number
  readonly newtonSteps: number
}

/** Carries one set of weights onto another at the least cost, a little smeared. */
export interface TransportSolver {
  /**
   * @param start potentials to go on from. Yields the error after each step.
   * @throws RangeError where there is nothing to carry, weights are negative or do not sum to 1, or epsilon is not above 0.
   */
  solve(problem: TransportProblem, signal: AbortSignal, start?: Potentials): AsyncGenerator<Tick<number>, Transport, void>
}
