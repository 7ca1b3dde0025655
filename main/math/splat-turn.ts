import { fromRows, inverse, type Matrix, multiply, toRows, transpose } from './matrix.ts'
import { harmonicsAt } from './spherical-function.ts'
import { harmonicCount } from './spherical-harmonics.ts'
import { rotationInto, type Splats } from './splats.ts'

/** A quaternion (w, x, y, z), as long as 1. */
export type Turn = readonly [w: number, x: number, y: number, z: number]

/** A half turn about x: from y down, z forward to y up, z backward, and back. */
export const ABOUT_X: Turn = [0, 1, 0, 0]
/** A half turn about z: from y down to y up, x mirrored with it. */
export const ABOUT_Z: Turn = [0, 0, 0, 1]
/** From z up to y up. */
export const Z_UP_TO_Y_UP: Turn = [Math.SQRT1_2, -Math.SQRT1_2, 0, 0]

/** What comes out of quarter and half turns is exact: no dust of rounding may grow where 0 or 1 stood. */
const snapped = (value: number) => (Math.abs(value - Math.round(value)) < 1e-12 ? Math.round(value) : value)

/** How a turn mixes the harmonics of degree l among themselves: a matrix for columns of coefficients. */
function mixing(l: number, axes: Float64Array): number[][] {
  const own = (direction: readonly number[]) => [...harmonicsAt(l, direction).subarray(l * l)]
  // More directions than harmonics, on a spiral: their least squares are exact, as turned harmonics are harmonics.
  const count = 4 * l + 4
  const directions = Array.from({ length: count }, (_, k) => {
    const z = 1 - (2 * k + 1) / count
    const r = Math.sqrt(1 - z * z)
    return [r * Math.cos(2.4 * k), r * Math.sin(2.4 * k), z]
  })
  const back = ([x, y, z]: readonly number[]) => [0, 1, 2].map((k) => axes[k] * x + axes[3 + k] * y + axes[6 + k] * z)
  const [there, before]: [Matrix, Matrix] = [fromRows(directions.map(own)), fromRows(directions.map((one) => own(back(one))))]
  const normal = inverse(multiply(transpose(there), there))
  return toRows(multiply(normal, transpose(there), before)).map((row) => row.map(snapped))
}

/** The whole cloud turned about the origin, its view-dependent colours with it, as float32. */
export function turned(splats: Splats, turn: Turn): Splats {
  const { count, degree, position, rotation: q, harmonics } = splats
  const axes = new Float64Array(9)
  rotationInto(axes, ...turn)
  const exact = axes.map(snapped)
  const [places, turns] = [new Float32Array(3 * count), new Float32Array(4 * count)]
  const colours = new Float32Array(harmonics.length)
  const terms = harmonicCount(degree)
  const mixings = Array.from({ length: degree + 1 }, (_, l) => mixing(l, axes))
  const [w, x, y, z] = turn
  for (let i = 0; i < count; i++) {
    for (let r = 0; r < 3; r++)
      places[3 * i + r] = exact[3 * r] * position[3 * i] + exact[3 * r + 1] * position[3 * i + 1] + exact[3 * r + 2] * position[3 * i + 2]
    const [a, b, c, d] = [q[4 * i], q[4 * i + 1], q[4 * i + 2], q[4 * i + 3]]
    turns.set(
      [w * a - x * b - y * c - z * d, w * b + x * a + y * d - z * c, w * c - x * d + y * a + z * b, w * d + x * c - y * b + z * a],
      4 * i,
    )
    for (const [l, rows] of mixings.entries())
      for (const [r, row] of rows.entries())
        for (let channel = 0; channel < 3; channel++) {
          let sum = 0
          for (let k = 0; k < row.length; k++) if (row[k] !== 0) sum += row[k] * harmonics[3 * (i * terms + l * l + k) + channel]
          colours[3 * (i * terms + l * l + r) + channel] = sum
        }
  }
  return { ...splats, position: places, rotation: turns, harmonics: colours }
}
