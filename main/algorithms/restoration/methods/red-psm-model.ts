import { type Matrix, matrix, multiply, symmetricEigen, transpose } from '../../../math/matrix.ts'
import { solvePositive } from '../../../math/positive-system.ts'

/** What was seen of a sequence: frames of pixels, [frame, pixel], and a mask of the same size, 1 seen, 0 not. */
export interface Seen {
  readonly frames: number
  readonly pixels: number
  readonly values: Float64Array
  readonly mask: Float64Array
}

/** A sequence as few pictures, [rank, pixel], times few smooth curves of time, spline · knots with knots [knot, rank]. */
export interface Factors {
  readonly spline: Matrix
  readonly pictures: Matrix
  readonly knots: Matrix
}

/** What ties the factors: weight of the sequence they must meet, and of their own size. */
export interface Ties {
  readonly beta: number
  readonly xi: number
  readonly chi: number
}

/** Curves at the frames from their values at even knots: cubic Hermite, tangents the mean of the slopes beside, [frames, knots]. */
export function splineMatrix(frames: number, knots: number): Matrix {
  if (!(knots >= 2 && frames >= 2)) throw new RangeError(`${knots} knots over ${frames} frames make no curve.`)
  const s = matrix(frames, knots)
  const add = (row: number, knot: number, value: number) => {
    s.data[row * knots + knot] += value
  }
  /** Adds a knot's tangent, in units of the gap between knots. */
  const tangent = (row: number, knot: number, weight: number) => {
    const [low, high] = [Math.max(0, knot - 1), Math.min(knots - 1, knot + 1)]
    add(row, high, weight / (high - low))
    add(row, low, -weight / (high - low))
  }
  for (let row = 0; row < frames; row++) {
    const at = (row * (knots - 1)) / (frames - 1)
    const knot = Math.min(knots - 2, Math.floor(at))
    const u = at - knot
    add(row, knot, (1 + 2 * u) * (1 - u) ** 2)
    add(row, knot + 1, u * u * (3 - 2 * u))
    tangent(row, knot, u * (1 - u) ** 2)
    tangent(row, knot + 1, u * u * (u - 1))
  }
  return s
}

/** Psi = S Z, [frame, picture]: how much of each picture is in each frame. */
export const curvesOf = ({ spline, knots }: Factors): Matrix => multiply(spline, knots)
/** The sequence that the factors make, [frame, pixel]. */
export const sequenceOf = (factors: Factors): Float64Array => multiply(curvesOf(factors), factors.pictures).data

/** Misfit to what was seen, distance from `target`, and the size of the factors. */
export function objectiveOf(seen: Seen, factors: Factors, target: Float64Array, { beta, xi, chi }: Ties): number {
  const made = sequenceOf(factors)
  const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0)
  let misfit = 0
  let apart = 0
  for (let i = 0; i < made.length; i++) {
    misfit += (seen.mask[i] * (made[i] - seen.values[i])) ** 2
    apart += (made[i] - target[i]) ** 2
  }
  return misfit + (beta / 2) * apart + xi * square(curvesOf(factors).data) + chi * square(factors.pictures.data)
}

/** The pictures that make the objective least, the curves as they are: one small system a pixel. */
export function bestPictures({ frames, pixels, values, mask }: Seen, factors: Factors, target: Float64Array, { beta, chi }: Ties): Matrix {
  const curves = curvesOf(factors).data
  const rank = factors.knots.columns
  const pictures = matrix(rank, pixels)
  const system = matrix(rank, rank)
  for (let n = 0; n < pixels; n++) {
    const right = new Float64Array(rank)
    system.data.fill(0)
    for (let t = 0; t < frames; t++) {
      const at = t * pixels + n
      const weight = 2 * mask[at] + beta
      const wanted = 2 * mask[at] * values[at] + beta * target[at]
      for (let k = 0; k < rank; k++) {
        right[k] += curves[t * rank + k] * wanted
        for (let l = 0; l < rank; l++) system.data[k * rank + l] += weight * curves[t * rank + k] * curves[t * rank + l]
      }
    }
    for (let k = 0; k < rank; k++) system.data[k * rank + k] += 2 * chi
    const solved = solvePositive(system, right)
    for (let k = 0; k < rank; k++) pictures.data[k * pixels + n] = solved[k]
  }
  return pictures
}

/** The knots that make the objective least, the pictures as they are: one system of knots times rank. */
export function bestKnots(
  { frames, pixels, values, mask }: Seen,
  { spline, pictures }: Factors,
  target: Float64Array,
  { beta, xi }: Ties,
): Matrix {
  const rank = pictures.rows
  const knots = spline.columns
  const p = pictures.data
  const system = matrix(knots * rank, knots * rank)
  const right = new Float64Array(knots * rank)
  const block = new Float64Array(rank * rank)
  const wanted = new Float64Array(rank)
  for (let t = 0; t < frames; t++) {
    block.fill(0)
    wanted.fill(0)
    for (let n = 0; n < pixels; n++) {
      const at = t * pixels + n
      const weight = 2 * mask[at] + beta
      const value = 2 * mask[at] * values[at] + beta * target[at]
      for (let k = 0; k < rank; k++) {
        wanted[k] += p[k * pixels + n] * value
        for (let l = 0; l < rank; l++) block[k * rank + l] += weight * p[k * pixels + n] * p[l * pixels + n]
      }
    }
    for (let k = 0; k < rank; k++) block[k * rank + k] += 2 * xi
    for (let a = 0; a < knots; a++) {
      const left = spline.data[t * knots + a]
      if (left === 0) continue
      for (let k = 0; k < rank; k++) {
        right[a * rank + k] += left * wanted[k]
        for (let b = 0; b < knots; b++) {
          const both = left * spline.data[t * knots + b]
          if (both === 0) continue
          for (let l = 0; l < rank; l++) system.data[(a * rank + k) * knots * rank + b * rank + l] += both * block[k * rank + l]
        }
      }
    }
  }
  return matrix(knots, rank, solvePositive(system, right))
}

/** Where a pixel was not seen, its mean over the frames in which it was; `fallback` where there is none. */
export function filled({ frames, pixels, values, mask }: Seen, fallback = 0.5): Float64Array {
  const out = new Float64Array(values.length)
  for (let n = 0; n < pixels; n++) {
    let sum = 0
    let count = 0
    for (let t = 0; t < frames; t++) {
      sum += mask[t * pixels + n] * values[t * pixels + n]
      count += mask[t * pixels + n]
    }
    const mean = count > 0 ? sum / count : fallback
    for (let t = 0; t < frames; t++) out[t * pixels + n] = mask[t * pixels + n] ? values[t * pixels + n] : mean
  }
  return out
}

/** Factors to begin with: the strongest directions of a sequence, their curves brought onto the knots by least squares. */
export function firstFactors(sequence: Float64Array, frames: number, rank: number, knots: number): Factors {
  const pixels = sequence.length / frames
  const f = matrix(frames, pixels, sequence)
  const { values, vectors } = symmetricEigen(multiply(f, transpose(f)))
  const spline = splineMatrix(frames, knots)
  const normal = multiply(transpose(spline), spline)
  const curves = matrix(frames, rank)
  const pictures = matrix(rank, pixels)
  const z = matrix(knots, rank)
  const order = [...values.keys()].sort((a, b) => values[b] - values[a])
  for (let k = 0; k < rank; k++) {
    const strong = order[k]
    const direction = Float64Array.from({ length: frames }, (_, t) => vectors.data[t * frames + strong])
    // f = sum of sqrt(singular value) shares on both sides; a direction that is not there stays a curve without a picture.
    const singular = Math.sqrt(Math.max(0, values[strong]))
    const root = Math.sqrt(singular)
    for (let t = 0; t < frames; t++) curves.data[t * rank + k] = direction[t] * root
    if (root > 0)
      for (let n = 0; n < pixels; n++)
        for (let t = 0; t < frames; t++) pictures.data[k * pixels + n] += (direction[t] * sequence[t * pixels + n]) / root
    const solved = solvePositive(
      normal,
      multiply(
        transpose(spline),
        matrix(
          frames,
          1,
          direction.map((value) => value * root),
        ),
      ).data,
    )
    for (let a = 0; a < knots; a++) z.data[a * rank + k] = solved[a]
  }
  return { spline, pictures, knots: z }
}
