import type { Tensor } from '../math/tensor.ts'

/** A network as a method sees it: named tensors in, named tensors out. Batch first. Any size its card allows. */
export interface Network {
  run(inputs: Readonly<Record<string, Tensor>>, signal: AbortSignal): Promise<Readonly<Record<string, Tensor>>>
  /** Sides must be multiples of this, in pixels. */
  readonly multiple: number
  /** How far a pixel's value reaches, in pixels: tiles overlap by this much. */
  readonly overlap: number
  /** Standard deviation of the noise it was trained to start from, in 0..1; null where its training had none. */
  readonly sigmaSource: number | null
  /** Id and SHA-256 of the file, for the recipe. */
  readonly model: { readonly id: string; readonly sha256: string }
}

/** One step of a long computation: what is done, out of how much. `preview` is [3, row, column] in 0..1. */
export interface Step {
  readonly step: number
  readonly steps: number
  readonly label: string
  readonly preview: Tensor | null
}

/** A result of a restorer, with what can be said of it. `picture` is [3, row, column] in 0..1. */
export interface Restored {
  readonly label: string
  readonly visible: boolean
  readonly picture: Tensor
  readonly measures: Readonly<Record<string, number>>
}

/**
 * Gives back what was photographed.
 * `damaged` is [3, row, column], sRGB-encoded 0..1. Results are listed bottom first; the last is the one to show.
 * The same damaged picture, parameters and seed give the same bytes.
 */
export interface Restorer {
  restore(damaged: Tensor, seed: number, signal: AbortSignal): AsyncGenerator<Step, readonly Restored[], void>
}

/** A linear map between pictures, with its exact adjoint. Tensors are [channel, row, column]; float64 inside. */
export interface LinearOperator {
  readonly inShape: readonly number[]
  readonly outShape: readonly number[]
  apply(x: Float64Array): Float64Array
  adjoint(y: Float64Array): Float64Array
}

/** Every role a method can play, by name. */
export interface Roles {
  restorer: Restorer
  operator: LinearOperator
}
export type Role = keyof Roles
