import type { Leg } from '../math/gaussian-path.ts'
import type { Tick } from '../math/integrate.ts'
import type { Denoise } from '../math/prediction.ts'
import type { Draw, LinearOperator } from './roles.ts'

/** What happens to a picture on its way to the measurement. A linear operator is one; others need the place for their slope. */
export interface Forward extends Omit<LinearOperator, 'adjoint'> {
  /** The transpose of the slope at a picture: what a change of the measurement asks of it. */
  adjoint(y: Float64Array, at: Float64Array): Float64Array
}

/** What was measured, y = A x + noise, and what is at hand to find x. Pictures are in -1..1 where the prior's are. */
export interface Measurement {
  readonly operator: Forward
  readonly y: Float64Array
  /** Standard deviation of the noise, in the units of y; 0 where there is none. */
  readonly deviation: number
  /** A diffusion model of pictures, and where it is asked: noise first. Each method says which legs it wants. */
  readonly denoise: Denoise
  readonly legs: readonly Leg[]
  readonly draw: Draw
  /** Where it begins; each method says what it takes where there is none. */
  readonly start?: Float64Array
}

/** Where a reconstruction stands. */
export interface Estimate {
  /** The picture as it is known now: what a preview shows. */
  readonly estimate: Float64Array
}

/** Finds what was measured through a known damage, with a model of how pictures look. */
export interface Reconstructor {
  /** Network calls over so many legs. */
  calls(legs: number): number
  /** @throws RangeError where the parts do not fit, or what was measured is not finite. */
  reconstruct(measured: Measurement, signal: AbortSignal): AsyncGenerator<Tick<Estimate>, Float64Array, void>
}
