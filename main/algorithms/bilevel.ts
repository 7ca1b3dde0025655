/** What a change of both arguments does. */
export interface Pull {
  readonly x: Float64Array
  readonly y: Float64Array
}

/** Rows that must hold in the lower problem: each at most 0, or each exactly 0. */
export interface Constraints {
  readonly kind: 'inequality' | 'equality'
  value(x: Float64Array, y: Float64Array): Float64Array
  /** Σ multiplier · slope of its row. */
  pull(x: Float64Array, y: Float64Array, multipliers: Float64Array): Pull
}

/**
 * One example: y(x) minimises lower(x, ·), and upper(x, y) says how far it is from what was wanted. Slopes may come of a sample of
 * the example's data; a solver that compares two places asks the same block at both.
 */
export interface Block {
  /** Numbers in y. */
  readonly size: number
  /** Where y begins; nothing, unless given. */
  readonly start?: Float64Array
  upper(x: Float64Array, y: Float64Array): number
  upperInX(x: Float64Array, y: Float64Array): Float64Array
  upperInY(x: Float64Array, y: Float64Array): Float64Array
  lower(x: Float64Array, y: Float64Array): number
  lowerInX(x: Float64Array, y: Float64Array): Float64Array
  lowerInY(x: Float64Array, y: Float64Array): Float64Array
  /** Second slope of the lower problem in y, times v. */
  curvature?(x: Float64Array, y: Float64Array, v: Float64Array): Float64Array
  /** How the slope in y moves with x, transposed, times v: as long as x. */
  mixed?(x: Float64Array, y: Float64Array, v: Float64Array): Float64Array
  /** Bound of the lower problem's curvature in y; 1, unless given. */
  smoothness?(x: Float64Array): number
  readonly constraints?: Constraints
}

/** A block that says its second slopes. */
export type CurvedBlock = Block & Required<Pick<Block, 'curvature' | 'mixed'>>

/** Settings x such that what every example makes of them is what was wanted: min over x of the mean of upper(x, y(x)). */
export interface BilevelProblem {
  /** Numbers in x. */
  readonly size: number
  readonly blocks: readonly Block[]
  /** The nearest settings that are allowed. */
  project(x: Float64Array): Float64Array
  /** The nearest settings and answers (one a block) that are allowed together; each by itself unless given. */
  projectJoint?(x: Float64Array, y: readonly Float64Array[]): { readonly x: Float64Array; readonly y: readonly Float64Array[] }
}

/** How often each part of a problem was asked, over all blocks: what solvers are compared by. */
export interface Asks {
  readonly upper: number
  readonly upperSlopes: number
  readonly lowerSlopes: number
  readonly curvatures: number
  readonly mixed: number
}

export interface BilevelStep {
  readonly step: number
  readonly steps: number
  readonly x: Float64Array
  /** The mean of the upper values, at the answers as they are known now. */
  readonly loss: number
}

export interface BilevelOutcome {
  /** The best settings on the way. */
  readonly x: Float64Array
  /** What each block makes of them, as far as the method knows. */
  readonly y: readonly Float64Array[]
  readonly loss: readonly number[]
  readonly asks: Asks
}

/** Learns settings from examples. The same problem and start give the same; yields after each step. */
export interface BilevelSolver {
  /**
   * @throws RangeError where there is no block or no setting, the start does not fit, a block lacks what the method needs, or what it
   * says is not finite.
   */
  solve(problem: BilevelProblem, start: Float64Array, signal: AbortSignal): AsyncGenerator<BilevelStep, BilevelOutcome, void>
}
