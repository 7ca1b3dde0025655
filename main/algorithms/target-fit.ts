import type { Tick } from '../math/integrate.ts'
import type { Descent, Optimizer } from './optimizer.ts'

/** What is looked at in one round: a cheap way from parameters to targets, and a dear opinion of those. */
export interface View {
  render(parameters: Float64Array): Float64Array
  /** What a change of each target means for the parameters, at them. */
  pull(parameters: Float64Array, slope: Float64Array): Float64Array
  /** The slope of what is to be made small, at the targets: one dear call. */
  opinion(targets: Float64Array, signal: AbortSignal): Promise<Float64Array>
}

export interface TargetFitState {
  readonly parameters: Float64Array
  /** Dear calls so far, and steps they were used for. */
  readonly calls: number
  readonly updates: number
}

/** Fits parameters to an opinion that is dear, with several cheap steps a call. */
export interface TargetFitter {
  /**
   * @param view the view of each round, from 0; the same through its steps.
   * @throws RangeError where an opinion is not finite, or of another size than the targets.
   */
  fit<S extends Descent>(
    start: S,
    optimizer: Optimizer<S>,
    view: (round: number) => View,
    signal: AbortSignal,
  ): AsyncGenerator<Tick<TargetFitState>, TargetFitState, void>
}
