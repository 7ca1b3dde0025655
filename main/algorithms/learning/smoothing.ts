import { mix } from '../../math/mix.ts'
import type { BilevelProblem, CurvedBlock } from '../bilevel.ts'
import { Refusal } from '../define.ts'

/** One example: a plane of brightness before and after, 0..1, row by row; and how much each pixel counts. */
export interface SmoothingPair {
  readonly width: number
  readonly height: number
  readonly before: Float64Array
  readonly after: Float64Array
  readonly mask?: Float64Array
}

/** Below this a difference counts by its square, above by itself. */
const EPSILON = 0.05
const LOWEST = -12
const HIGHEST = 2
/** Where to begin: nearly nothing is done. */
export const SMOOTHING_START = new Float64Array(6).fill(-6)

/** Differences [row, column, factor]: first, second along both axes, crossed, Laplacian; and the greatest their squares can be. */
const STENCILS: readonly { readonly taps: readonly (readonly [number, number, number])[]; readonly square: number }[] = [
  {
    square: 4,
    taps: [
      [0, 0, -1],
      [0, 1, 1],
    ],
  },
  {
    square: 4,
    taps: [
      [0, 0, -1],
      [1, 0, 1],
    ],
  },
  {
    square: 16,
    taps: [
      [0, -1, 1],
      [0, 0, -2],
      [0, 1, 1],
    ],
  },
  {
    square: 16,
    taps: [
      [-1, 0, 1],
      [0, 0, -2],
      [1, 0, 1],
    ],
  },
  {
    square: 16,
    taps: [
      [0, 0, 1],
      [0, 1, -1],
      [1, 0, -1],
      [1, 1, 1],
    ],
  },
  {
    square: 64,
    taps: [
      [0, 0, -4],
      [0, 1, 1],
      [0, -1, 1],
      [1, 0, 1],
      [-1, 0, 1],
    ],
  },
]

/** A stencil over a plane that goes on at its other side; `sign` -1 is the transpose. */
function swept(
  u: Float64Array,
  width: number,
  height: number,
  taps: readonly (readonly [number, number, number])[],
  sign: 1 | -1,
): Float64Array {
  const out = new Float64Array(u.length)
  for (const [down, along, factor] of taps)
    for (let y = 0; y < height; y++) {
      const from = ((y + sign * down + height) % height) * width
      for (let x = 0; x < width; x++) out[y * width + x] += factor * u[from + ((x + sign * along + width) % width)]
    }
  return out
}

const root = (z: number) => Math.sqrt(z * z + EPSILON * EPSILON)

function blockOf({ width, height, before, after, mask }: SmoothingPair, index: number): CurvedBlock {
  const n = before.length
  const counts = mask ?? new Float64Array(n).fill(1)
  const refuse = (why: string, todo: string) => new Refusal(`Example ${index + 1} cannot be learned from.`, why, todo)
  if (n !== width * height || after.length !== n || counts.length !== n)
    throw refuse('Its two pictures, or its mask, differ in size.', 'Crop them alike.')
  if (n < 64) throw refuse('It has fewer than 64 pixels.', 'Show a larger part.')
  if (!counts.some((count) => count > 0)) throw refuse('Nothing of it is masked.', 'Paint what counts.')
  if (![before, after, counts].every((plane) => plane.every(Number.isFinite)))
    throw refuse('A pixel is no number.', 'Take another picture.')
  const sweep = (u: Float64Array, j: number) => swept(u, width, height, STENCILS[j].taps, 1)
  const back = (v: Float64Array, j: number) => swept(v, width, height, STENCILS[j].taps, -1)
  const pulls = (x: Float64Array, u: Float64Array) =>
    STENCILS.map((_, j) => {
      const weight = Math.exp(x[j]) / n
      return back(
        sweep(u, j).map((z) => (weight * z) / root(z)),
        j,
      )
    })
  const kept = (u: Float64Array) => u.reduce((sum, value, i) => sum + (value - before[i]) ** 2, 0) / (2 * n)
  const rough = (x: Float64Array, u: Float64Array, j: number) =>
    (Math.exp(x[j]) / n) * sweep(u, j).reduce((sum, z) => sum + root(z) - EPSILON, 0)
  return {
    ...{ size: n, start: before },
    upper: (_, u) => u.reduce((sum, value, i) => sum + counts[i] * (value - after[i]) ** 2, 0) / (2 * n),
    upperInX: (x) => new Float64Array(x.length),
    upperInY: (_, u) => u.map((value, i) => (counts[i] * (value - after[i])) / n),
    lower: (x, u) => STENCILS.reduce((sum, _, j) => sum + rough(x, u, j), kept(u)),
    lowerInX: (x, u) => Float64Array.from(STENCILS, (_, j) => rough(x, u, j)),
    lowerInY: (x, u) => mix([1 / n, u], [-1 / n, before], ...pulls(x, u).map((pull) => [1, pull] as const)),
    curvature: (x, u, v) =>
      STENCILS.reduce(
        (sum, _, j) => {
          const [at, along] = [sweep(u, j), sweep(v, j)]
          const weight = (Math.exp(x[j]) / n) * EPSILON ** 2
          return mix(
            [1, sum],
            [
              1,
              back(
                along.map((value, i) => (weight * value) / root(at[i]) ** 3),
                j,
              ),
            ],
          )
        },
        mix([1 / n, v]),
      ),
    mixed: (x, u, v) => Float64Array.from(pulls(x, u), (pull) => pull.reduce((sum, value, i) => sum + value * v[i], 0)),
    smoothness: (x) => STENCILS.reduce((sum, { square }, j) => sum + (Math.exp(x[j]) * square) / EPSILON, 1) / n,
  }
}

/**
 * Cleaning as in examples: x are the logarithms of six weights, of how much differences of each kind are smoothed away, and the answer
 * u minimises (½ |u - before|² + Σ exp(x) Σ (√((K u)² + ε²) - ε)) / n. @throws Refusal where an example is none.
 */
export const smoothingProblem = (pairs: readonly SmoothingPair[]): BilevelProblem => ({
  size: STENCILS.length,
  blocks: pairs.map(blockOf),
  project: (x) => x.map((value) => Math.min(HIGHEST, Math.max(LOWEST, value))),
})
