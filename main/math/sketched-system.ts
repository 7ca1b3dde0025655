import { dotOf } from './conjugate-gradient.ts'
import { applyMatrix, type Matrix, matrix, multiply, transpose } from './matrix.ts'
import { mix } from './mix.ts'
import { solvePositive } from './positive-system.ts'
import { noiseOf, normalsInto } from './random.ts'

/**
 * Projects d onto what a sketch of the system says: d - Kᵀ S (Sᵀ K Kᵀ S)⁺ Sᵀ (K d - b). It never leads away from the solution.
 * @param s as high as K, a few columns.
 */
export function sketchStep(k: Matrix, b: Float64Array, d: Float64Array, s: Matrix): Float64Array {
  const turned = transpose(s)
  const seen = multiply(turned, k)
  const rest = applyMatrix(turned, mix([1, applyMatrix(k, d)], [-1, b]))
  const square = multiply(seen, transpose(seen))
  try {
    return mix([1, d], [-1, applyMatrix(transpose(seen), solvePositive(square, rest))])
  } catch {
    // Columns that say the same: one after another they do no harm.
    let out = d
    for (let j = 0; j < seen.rows; j++) {
      const row = seen.data.subarray(j * seen.columns, (j + 1) * seen.columns)
      const length = dotOf(row, row)
      if (length === 0) continue
      const [column, about] = [s.data.filter((_, i) => i % s.columns === j), mix([1, applyMatrix(k, out)], [-1, b])]
      out = mix([1, out], [-dotOf(column, about) / length, row])
    }
    return out
  }
}

export interface Sketching {
  /** Columns of a sketch. */
  readonly block: number
  readonly seed: number
  /** Ends where |K d - b| is no more. */
  readonly limit: number
  readonly most: number
}

/** Solves K d = b from d by Gaussian sketches, a seeded one after another. Yields after each. */
export function* sketchedSolve(
  k: Matrix,
  b: Float64Array,
  start: Float64Array,
  { block, seed, limit, most }: Sketching,
): Generator<Float64Array, Float64Array, void> {
  let d = start
  const width = Math.min(block, k.rows)
  for (let count = 0; count < most; count++) {
    const rest = mix([1, applyMatrix(k, d)], [-1, b])
    if (Math.sqrt(dotOf(rest, rest)) <= limit) return d
    const s = matrix(k.rows, width)
    normalsInto(s.data, { ...noiseOf(seed), counter: 2 * count * s.data.length })
    d = sketchStep(k, b, d, s)
    yield d
  }
  return d
}
