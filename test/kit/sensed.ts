import type { Sensing } from '../../main/algorithms/low-rank.ts'
import { combine, type Matrix, matrix, multiply, transpose } from '../../main/math/matrix.ts'
import { orthonormalise } from '../../main/math/orthonormal.ts'
import { normals } from './generate.ts'

/** A matrix with these values along random directions; symmetric where it is square and asked to be. */
export function withValues(rows: number, columns: number, values: readonly number[], seed: number, symmetric = false): Matrix {
  const k = values.length
  const u = orthonormalise(matrix(rows, k, normals(rows * k, seed))).q
  const v = symmetric ? u : orthonormalise(matrix(columns, k, normals(columns * k, seed + 1))).q
  const weighed = matrix(
    rows,
    k,
    u.data.map((value, i) => value * values[i % k]),
  )
  return multiply(weighed, transpose(v))
}

/** All of it is seen. */
export const seen = (m: Matrix): Sensing => ({ rows: m.rows, columns: m.columns, residual: (product) => combine([1, product], [-1, m]) })
