import type { Leg, Node } from '../math/gaussian-path.ts'
import type { Tick } from '../math/integrate.ts'
import type { Matrix } from '../math/matrix.ts'
import type { Picture } from '../math/picture.ts'
import type { Denoise } from '../math/prediction.ts'
import type { Draw, LinearOperator } from './roles.ts'

/** What happens to a picture on its way to the measurement. A linear operator is one; others need the place for their slope. */
export interface Forward extends Omit<LinearOperator, 'adjoint'> {
  /** The transpose of the slope at a picture: what a change of the measurement asks of it. */
  adjoint(y: Float64Array, at: Float64Array): Float64Array
}

/** What was measured, y = A x + noise. Linear where a method does not say otherwise. */
export interface Damage {
  readonly operator: Forward
  readonly y: Float64Array
  /** Standard deviation of the noise, in the units of y; 0 where there is none. */
  readonly deviation: number
  /** Where it begins; each method says what it takes where there is none. */
  readonly start?: Float64Array
}

/** What was measured, and a diffusion model of pictures to find x with. Pictures are in -1..1 where the model's are. */
export interface Measurement extends Damage {
  readonly denoise: Denoise
  /** vᵀ deps/dx at x, where the model's slope is at hand; methods that need it do without at a cost. */
  pull?(x: Float64Array, at: Node, v: Float64Array, signal: AbortSignal): Promise<Float64Array>
  /** Where the model is asked, noise first. Each method says which legs it wants. */
  readonly legs: readonly Leg[]
  readonly draw: Draw
}

/** Where a reconstruction stands. */
export interface Estimate {
  /** The picture as it is known now: what a preview shows. */
  readonly estimate: Float64Array
}

/** Finds what was measured through a known damage, with a model of how pictures look. */
export interface Reconstructor {
  /** Network calls of a whole reconstruction, without a slope at hand. */
  calls(legs: readonly Leg[]): number
  /** @throws RangeError where the parts do not fit, or what was measured is not finite. */
  reconstruct(measured: Measurement, signal: AbortSignal): AsyncGenerator<Tick<Estimate>, Float64Array, void>
}

/** A denoiser that is the proximal operator of a regulariser: f(v) = argmin R(x) + ½|x - v|². */
export interface Proximal {
  prox(v: Float64Array, signal: AbortSignal): Promise<Float64Array>
}

/** Finds what was measured with such a denoiser: pictures in 0..1. */
export interface PlugAndPlay {
  /** @throws RangeError where the parts do not fit, or what was measured is not finite. */
  reconstruct(damage: Damage, proximal: Proximal, signal: AbortSignal): AsyncGenerator<Tick<Estimate>, Float64Array, void>
}

/** What was done to a picture: blur and noise as deviations in pixels and in 255ths, how far it was enlarged, JPEG quality (101: none). */
export interface KnownDamage {
  readonly blur: number
  readonly scale: number
  readonly noise: number
  readonly quality: number
}

/** Damages that were simulated, and what the pictures looked like afterwards. */
export interface DamageDatabase {
  /** Descriptions in standard deviations from the mean, whitened where there is a whitening, one an entry. */
  readonly z: readonly Float64Array[]
  readonly damages: readonly KnownDamage[]
  readonly mean: Float64Array
  readonly deviation: Float64Array
  /** The lower triangle that descriptions in standard deviations are divided by. */
  readonly whitening: Matrix | null
  /** Squared distance from an entry to its nearest that 99 in 100 entries stay below. */
  readonly limit: number
}

export interface DamageGuess {
  readonly damage: KnownDamage
  /** Blur and enlarging can hardly be told apart: both as one blur, in pixels. */
  readonly softness: number
  /** Between the quarters of what the neighbours say. */
  readonly spread: KnownDamage
  /** Is the picture unlike anything in the database? */
  readonly unsure: boolean
  /** The entries nearest to the middle of the picture, to be shown. */
  readonly evidence: readonly number[]
}

/** Says what happened to a picture. */
export interface DamageQuery {
  /** @param picture [3, row, column] in 0..1. @throws RangeError below 64 pixels a side. */
  query(picture: Picture, database: DamageDatabase): DamageGuess
}

/** Frames of equal size, [frame, value] in 0..1 (the channels of a colour one after another), and which values were seen: 1 or 0. */
export interface Sequence {
  readonly frames: number
  readonly pixels: number
  readonly values: Float64Array
  readonly mask: Float64Array
}

/** Cleans one frame. */
export type FrameDenoise = (frame: Float64Array, index: number, signal: AbortSignal) => Promise<Float64Array>

/** Repairs what single frames of a sequence lack. */
export interface SequenceRepair {
  /** @throws RangeError where the parts do not fit, or there are too few frames. */
  repair(sequence: Sequence, denoise: FrameDenoise, signal: AbortSignal): AsyncGenerator<Tick<Estimate>, Float64Array, void>
}
