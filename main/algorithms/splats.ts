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
  relight(splats: Splats, light: Light): Splats
}
