import type { Potentials, TransportProblem, TransportValues } from '../math/entropic-transport.ts'
import type { Tick } from '../math/integrate.ts'
import type { Matrix } from '../math/matrix.ts'
import type { Palette } from '../math/palette.ts'

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

/** A map of colours, and what can be said of it. */
export interface ColourMatch {
  /** Rows of three in 0..1 → where they go, which may lie a little outside. */
  apply(colours: Float64Array): Float64Array
  /** The colours that stood for the picture. */
  readonly palette: Palette
  /** `apart`: how far the palettes are from each other after it; `gap`: how far it goes beyond need. */
  readonly measures: Readonly<Record<'apart' | 'gap', number>>
  /** The share of the palette that it turns inside out; dear to find. */
  folded(): number
}

/** Learns a map of colours from one picture to the look of another. */
export interface ColourMatcher {
  /**
   * A solver of a tolerance about 1e-4 is enough: the map changes with every step.
   * @param source colours of the picture's pixels, rows of three in 0..1; transparent ones left out by the caller. The same for `reference`.
   * Yields the map after each step, good enough to be shown. @throws Refusal where one of them has a single colour; RangeError where there
   * are none, or what is no number.
   */
  match(
    source: Float64Array,
    reference: Float64Array,
    solver: TransportSolver,
    seed: number,
    signal: AbortSignal,
  ): AsyncGenerator<Tick<ColourMatch>, ColourMatch, void>
}

/** Rows that were kept, in order, and how much each counts in sums of p-th powers. */
export interface RowSample {
  readonly rows: Int32Array
  readonly weights: Float64Array
}

/** Picks a few rows of a matrix that stand for all. */
export interface RowSampler {
  /**
   * @param size how many on average; each row is kept by a coin of its own. Rows of zeros are never kept.
   * @throws RangeError where `size` is below the rank, or a value is not finite.
   */
  sample(rows: Matrix, size: number, seed: number): RowSample
}
