import type { Matrix } from '../math/matrix.ts'

/** What was learned of values at some places, for all places. */
export interface Spread {
  /** Its values at the places it was learned from, [place, value]. */
  readonly fitted: Matrix
  /** Its values at other places, [place, feature] to [place, value]. @throws the signal's reason once it is aborted. */
  at(places: Matrix, signal: AbortSignal): Promise<Matrix>
}

/** Spreads values that are known at a few places: scribbles over a picture. */
export interface Regression {
  /**
   * @param places [place, feature]. @param values [place, value].
   * @param trust how far each place is believed, above 0; all alike unless given.
   * @throws RangeError where there is no place, the parts do not fit, or something is not finite.
   */
  fit(places: Matrix, values: Matrix, trust?: Float64Array): Spread
}
