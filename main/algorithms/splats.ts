import type { NoiseTable } from '../math/noise-table.ts'
import type { Denoise } from '../math/prediction.ts'
import type { Splats } from '../math/splats.ts'

/** Light from all around, spherical harmonics of one degree for each channel. */
export interface Light {
  readonly red: Float64Array
  readonly green: Float64Array
  readonly blue: Float64Array
}

/** Lights a cloud anew. */
export interface SplatRelighter {
  /** Under the same white from everywhere, unhindered, the cloud stays as it is. @throws RangeError where the light is of no degree. */
  relight(splats: Splats, light: Light, signal: AbortSignal): Promise<Splats>
}

/** What a diffusion model says of noisy views under different words. */
export interface Voices {
  /** Without any words. */
  readonly empty: Denoise
  /** With the words for what shall not be. */
  readonly negative: Denoise
  /** With the words for this view. */
  readonly prompt: Denoise
}

/** A rendered view, as the model takes it, and where on its way to the noise it is judged. */
export interface GuidedView {
  readonly z: Float64Array
  /** Standard normal, for the first level. */
  readonly noise: Float64Array
  /** The levels of the model, from the cleanest. */
  readonly table: NoiseTable
  /** Level of the judgement. */
  readonly t: number
  /** How far below it the comparison begins. */
  readonly delta: number
}

/** Which way a view is to be changed, against the slope, and what was found on the way. */
export interface ViewSlope {
  readonly slope: Float64Array
  readonly calls: number
  /** Levels that were stood at, up to where the ways part. */
  readonly path: readonly number[]
  /** Where the two ways part, and where the comparison is made. */
  readonly levels: { readonly parting: number; readonly compared: number }
  readonly states: Readonly<Record<'parting' | 'compared' | 'judged', Float64Array>>
  /** Noise as the model sees it: where the ways part, at the comparison, and guided by words at the judgement. */
  readonly noises: Readonly<Record<'parting' | 'compared' | 'judged', Float64Array>>
  readonly weight: number
}

/** Between which levels a view is judged, the last one left out, and how far above the parting of the ways. */
export interface GuidanceRange {
  readonly rate: number
  readonly delta: number
  readonly from: number
  readonly to: number
}

/** Turns a model of pictures into a slope for rendered views. */
export interface ViewGuidance {
  /** @throws RangeError where levels, steps or lengths do not fit. */
  slope(view: GuidedView, voices: Voices, signal: AbortSignal): Promise<ViewSlope>
  range(iteration: number): GuidanceRange
}
