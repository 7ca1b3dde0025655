import type { LinearOperator } from '../../main/algorithms/roles.ts'
import { applyMatrix, fromRows, inverse, type Matrix, multiply, transpose } from '../../main/math/matrix.ts'
import { betasOf, tableOf } from '../../main/math/noise-table.ts'

/** The levels that models of pictures are most often trained on. */
export const levels = tableOf(betasOf('linear', 1e-4, 2e-2, 1000))

/** Every row of x through one matrix. Its pseudo-inverse is that of a matrix of full row rank. */
export function denseOperator(rows: readonly (readonly number[])[], times = 1): LinearOperator {
  const a = fromRows(rows)
  const each = (matrix: Matrix) => (x: Float64Array) => {
    const out = new Float64Array(times * matrix.rows)
    for (let i = 0; i < times; i++) out.set(applyMatrix(matrix, x.subarray(i * matrix.columns, (i + 1) * matrix.columns)), i * matrix.rows)
    return out
  }
  return {
    inShape: [times, a.columns],
    outShape: [times, a.rows],
    apply: each(a),
    adjoint: each(transpose(a)),
    pinv: (y) => each(multiply(transpose(a), inverse(multiply(a, transpose(a)))))(y),
  }
}
