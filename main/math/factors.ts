import { type Matrix, matrix } from './matrix.ts'

/** A matrix as a product: left rightᵀ, [row, k] and [column, k]. */
export interface Factors {
  readonly left: Matrix
  readonly right: Matrix
}

/** left rightᵀ. */
export function productOf({ left, right }: Factors): Matrix {
  const k = left.columns
  const out = matrix(left.rows, right.rows)
  for (let i = 0; i < left.rows; i++)
    for (let j = 0; j < right.rows; j++) {
      let sum = 0
      for (let c = 0; c < k; c++) sum += left.data[i * k + c] * right.data[j * k + c]
      out.data[i * right.rows + j] = sum
    }
  return out
}
