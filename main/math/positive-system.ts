import { cholesky } from './cholesky.ts'
import type { Matrix } from './matrix.ts'
import { solveLower } from './triangle.ts'

/** Solves a x = b for a symmetric, positive definite matrix. @throws RangeError where it is not one. */
export function solvePositive(a: Matrix, b: Float64Array): Float64Array {
  const n = a.rows
  const lower = cholesky(a)
  const l = lower.data
  const x = solveLower(lower, b)
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= l[k * n + i] * x[k]
    x[i] /= l[i * n + i]
  }
  return x
}
