import type { Constrained } from '../math/exact-lagrangian.ts'
import type { Tick } from '../math/integrate.ts'

export interface Minimum {
  readonly x: Float64Array
  /** What each constraint would gain by being loosened. */
  readonly multipliers: Float64Array
  readonly energy: number
  /** Length of the Lagrangian's slope and the constraints together. */
  readonly kkt: number
  readonly status: 'converged' | 'limit' | 'infeasible'
  /** The constraint that holds least, and by how much it does not. */
  readonly worst: { readonly index: number; readonly by: number } | null
}

/** Where a minimisation stands. */
export interface Descent {
  readonly x: Float64Array
  readonly multipliers: Float64Array
  readonly kkt: number
}

/** Finds the least energy for which constraints hold exactly. */
export interface ConstrainedMinimiser {
  /** @param start its multipliers are nothing, unless given. @throws RangeError where there are more constraints than numbers. */
  minimise(
    problem: Constrained,
    start: { readonly x: Float64Array; readonly multipliers?: Float64Array },
    signal: AbortSignal,
  ): AsyncGenerator<Tick<Descent>, Minimum, void>
}
