import type { Bodies } from '../math/three-bodies.ts'

/** An orbit after a decision. */
export interface Watched {
  readonly bodies: Bodies
  /** Which decision it was, from 1; and how many steps it took. */
  readonly decision: number
  readonly steps: number
  /** Share of the energy that is missing since the start: how true the orbit still is. */
  readonly missing: number
  readonly reward: number
  /** What the next decision may go by: places in tens, speeds, and the digits of the energy that are right. */
  readonly seen: Float64Array
}

/** Which of the lengths to take, by what is seen. */
export type ChooseLength = (seen: Float64Array) => number

/** Follows bodies that attract each other, choosing anew from time to time how finely. */
export interface OrbitStepper {
  /** Lengths to choose from, as shares of the time in which two bodies could meet. */
  readonly lengths: readonly number[]
  /** A choice by a network's weights: 13 seen, hidden layers with the same weights one after another, a worth for every length. */
  chooser(weights: ChooserWeights): ChooseLength
  /** The orbit ends early where it is no longer true. @throws RangeError where two bodies coincide or something is not finite. */
  follow(start: Bodies, choose: ChooseLength, decisions: number, signal: AbortSignal): AsyncGenerator<Watched, Watched, void>
}

/** Rows are outputs; each with its bias last. */
export interface ChooserWeights {
  readonly first: readonly (readonly number[])[]
  readonly shared: readonly (readonly number[])[]
  readonly rounds: number
  readonly last: readonly (readonly number[])[]
}
