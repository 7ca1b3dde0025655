import type { Picture } from '../../main/math/picture.ts'

/** Nested lists [channel][row][column] as a float64 picture. */
export function pictureOf(planes: readonly (readonly (readonly number[])[])[]): Picture & { readonly data: Float64Array } {
  return {
    shape: [planes.length, planes[0].length, planes[0][0].length],
    data: Float64Array.from(planes.flat(2)),
  }
}
