import type { BanditState } from '../math/bandit.ts'
import type { Solution } from '../math/conjugate-gradient.ts'
import type { PoissonGrid } from '../math/poisson-grid.ts'

/** A f = b on the pixels of a mask; one channel of a picture. */
export interface PoissonSystem {
  readonly grid: PoissonGrid
  /** Nothing where the mask is not. */
  readonly b: Float64Array
  /** Nothing, unless given; also the level of pieces that touch nothing known. */
  readonly start?: Float64Array
}

export interface PoissonSolution extends Solution {
  /** How many pieces of the mask touch nothing known: they keep the mean of the start. */
  readonly floating: number
}

/** Finds the pixels whose differences are the wanted ones. Yields after each iteration; a failure is a status, not a throw. */
export interface PoissonSolver {
  /** @throws RangeError where the parts do not fit, or are not finite. */
  solve(system: PoissonSystem, signal: AbortSignal): AsyncGenerator<Solution, PoissonSolution, void>
}

/** Where to go from a residual of length 1; any answer will do, a good one is quick. */
export type Direction = (residual: Float64Array, signal: AbortSignal) => Promise<Float64Array>

export interface DirectionSolution extends PoissonSolution {
  /** How often the direction was no good and the residual stood in; from the third on, always. */
  readonly fallbacks: number
}

/** Solves the same by directions that are asked for. */
export interface DirectionSolver {
  /** @throws RangeError where the mask is empty, the parts do not fit, or are not finite. */
  solve(system: PoissonSystem, direction: Direction, signal: AbortSignal): AsyncGenerator<Solution, DirectionSolution, void>
}

/** What was chosen for one system. */
export interface RelaxationChoice {
  readonly arm: number
  readonly probability: number
  /** The factor of over-relaxation, between 0 and 2. */
  readonly omega: number
  readonly unknowns: number
}

/** Learns how to over-relax from how many sweeps it took, over a sequence of systems. Its state is a value that can be kept. */
export interface RelaxationTuner {
  start(): BanditState
  /** @param uniform a random number in 0..1: the same gives the same. */
  choose(state: BanditState, unknowns: number, uniform: number): RelaxationChoice
  /** @param sweeps that the system took, the cap where it did not converge. */
  learn(state: BanditState, choice: RelaxationChoice, sweeps: number): BanditState
}
