import { conjugateGradient } from './conjugate-gradient.ts'
import { applyMatrix, type Matrix, matrix } from './matrix.ts'
import { orthonormalise } from './orthonormal.ts'
import { solveUpper, solveUpperTransposed } from './triangle.ts'

/** Where each row of a tall matrix is added, and with which sign. */
export interface Hash {
  readonly rows: number
  readonly to: ArrayLike<number>
  readonly sign: ArrayLike<number>
}

/** Rows added up by a hash: of the same lengths, nearly, in every direction, for no more than reading them. */
export function countSketch(a: Matrix, { rows, to, sign }: Hash): Matrix {
  const out = matrix(rows, a.columns)
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) out.data[to[i] * a.columns + j] += sign[i] * a.data[i * a.columns + j]
  return out
}

/** The triangle of a sketch, with √ridge times the identity below it: a r⁻¹ has nearly orthonormal columns. */
export function sketchedTriangle(a: Matrix, hash: Hash, ridge: number): Matrix {
  const k = a.columns
  const sketch = countSketch(a, hash)
  if (ridge === 0) return orthonormalise(sketch).r
  const stacked = matrix(sketch.rows + k, k)
  stacked.data.set(sketch.data)
  for (let i = 0; i < k; i++) stacked.data[(sketch.rows + i) * k + i] = Math.sqrt(ridge)
  return orthonormalise(stacked).r
}

/** aᵀ y. */
function pulled(a: Matrix, y: Float64Array): Float64Array {
  const out = new Float64Array(a.columns)
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) out[j] += a.data[i * a.columns + j] * y[i]
  return out
}

export interface SketchedSolve {
  readonly ridge: number
  readonly iterations: number
  /** Ends where the residual of the normal equations is this share of their right side. */
  readonly tolerance: number
}

/** argmin |a v - y|² + ridge |v|² by conjugate gradients on r v, from `near`: a handful of products, however skewed a is. */
export function sketchedLeastSquares(a: Matrix, y: Float64Array, r: Matrix, near: Float64Array, solve: SketchedSolve): Float64Array {
  const normal = (w: Float64Array): Float64Array => {
    const v = solveUpper(r, w)
    const back = pulled(a, applyMatrix(a, v))
    return solveUpperTransposed(
      r,
      back.map((value, i) => value + solve.ridge * v[i]),
    )
  }
  const b = solveUpperTransposed(r, pulled(a, y))
  const length = Math.sqrt(b.reduce((sum, value) => sum + value * value, 0))
  const { value } = conjugateGradient(normal, b, applyMatrix(r, near), {
    iterations: solve.iterations,
    tolerance: solve.tolerance * length,
  })
  return solveUpper(r, value)
}
