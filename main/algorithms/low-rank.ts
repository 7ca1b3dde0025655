import type { Residual } from '../math/factor-descent.ts'
import type { Factors } from '../math/factors.ts'
import type { Tick } from '../math/integrate.ts'
import type { Matrix } from '../math/matrix.ts'

/** Several pictures of one thing, aligned and of one size: [take, channel · row · column]. */
export interface Takes {
  readonly values: Matrix
  /** Of a picture, in pixels; the channels follow one another. */
  readonly width: number
  readonly height: number
  /** 1 where a value is known, 0 where it is known to be wrong; all are known where it is not given. */
  readonly known?: Uint8Array
}

/** What all takes share, and what does not belong. */
export interface Split {
  readonly clean: Matrix
  /** Numbers that tell one take from another, as far as they were found. */
  readonly rank: number
  /** 1 a pixel that was replaced, [take, row · column]. */
  readonly replaced: Uint8Array
  /** The takes, with those pixels alone taken from `clean`. */
  readonly composite: Matrix
  readonly factors: Factors
  /** What the artist should know, a sentence each. */
  readonly warnings: readonly string[]
}

/** Tells what takes share from marks that are on few of them. */
export interface TakeSplit {
  /** @throws Refusal where there are too few takes. @throws RangeError where the parts do not fit. */
  split(takes: Takes, signal: AbortSignal): AsyncGenerator<Tick<Factors>, Split, void>
}

/** A matrix with gaps: the channels of a colour side by side, so that they share what is said of the rows. */
export interface Incomplete {
  readonly values: Matrix
  /** 1 where a value is known. */
  readonly known: Uint8Array
  /** How many pictures stand side by side; one unless given. */
  readonly channels?: number
}

export interface Completed {
  /** What is known, and the rest as it was found. */
  readonly values: Matrix
  /** The low-rank matrix itself. */
  readonly product: Matrix
  readonly rank: number
  readonly ridge: number
  /** How well values that were hidden on purpose were found again, in decibels of a range of 1; null where nothing was hidden. */
  readonly quality: number | null
  /** Where the picture is not regular enough, a sentence that says so. */
  readonly warning: string | null
}

/** Fills the gaps of what is regular. */
export interface Completion {
  /** @throws Refusal where a row or a column is wholly unknown. @throws RangeError where the parts do not fit. */
  complete(incomplete: Incomplete, signal: AbortSignal): AsyncGenerator<Tick<Matrix>, Completed, void>
}

/** Measurements of a matrix, nearly of one length in every direction, about 1 at the matrix's own scale. */
export interface Sensing {
  readonly rows: number
  readonly columns: number
  /** What they say is wrong with a product: (1/N) Σ (⟨A_i, X⟩ - y_i) A_i; X - M where all is seen. */
  readonly residual: Residual
}

export interface Sensed {
  readonly factors: Factors
  /** |residual|² after each step. */
  readonly losses: readonly number[]
  /** The step at which the factors were given different scales; null where it was not needed. */
  readonly rescaledAt: number | null
  readonly status: 'converged' | 'limit'
}

/** Finds a matrix of low, unknown rank from linear measurements. */
export interface MatrixSensing {
  /** @throws RangeError where the measurements are nothing or no numbers, or the columns do not fit. */
  sense(sensing: Sensing, signal: AbortSignal): AsyncGenerator<Tick<Factors>, Sensed, void>
}
