import type { Complex } from '../math/complex.ts'

/** A sample of a stroke or a sound: its value, and how long it holds. */
export interface Sample {
  readonly value: number
  readonly dt: number
}

/** A recurrent layer with a long memory: one number in, one out, the same work for each sample however long the past. */
export interface SequenceLayer {
  /** What nothing was put into yet. */
  start(): Complex
  /** A state is a value: stepping twice from one gives the same twice. A sample that is no number, or holds no time, leaves it as it is. */
  step(state: Complex, sample: Sample): { readonly state: Complex; readonly output: number }
  /** What a tone of so many radians a unit of time becomes: gain and phase as a complex number. */
  transfer(omega: number): readonly [re: number, im: number]
}
