import { type Matrix, matrix } from './matrix.ts'

/** The lower triangle L with L Lᵀ = a. @throws RangeError where `a` is not positive definite, naming the row. */
export function cholesky(a: Matrix): Matrix {
  const n = a.rows
  const lower = matrix(n, n)
  const l = lower.data
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * n + j]
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k]
      if (i !== j) l[i * n + j] = sum / l[j * n + j]
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum)
      else throw new RangeError(`The matrix is not positive definite at row ${i}.`)
    }
  return lower
}
