import { type Matrix, matrix, transpose } from './matrix.ts'

/**
 * a = q r with orthonormal columns and an upper triangle whose diagonal is not negative (Gram and Schmidt, each column twice, which
 * keeps the columns orthogonal to rounding). A column that depends on those before it becomes nothing in q, with 0 on the diagonal.
 * @param a no wider than it is high.
 */
export function orthonormalise(a: Matrix): { readonly q: Matrix; readonly r: Matrix } {
  const columns = a.columns
  // Column by column in memory: all that is done is done to columns.
  const turned = transpose(a)
  const r = matrix(columns, columns)
  const column = (j: number) => turned.data.subarray(j * a.rows, (j + 1) * a.rows)
  for (let j = 0; j < columns; j++) {
    const own = column(j)
    const before = Math.sqrt(dot(own, own))
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < j; k++) {
        const other = column(k)
        const share = dot(own, other)
        r.data[k * columns + j] += share
        for (let i = 0; i < own.length; i++) own[i] -= share * other[i]
      }
    const length = Math.sqrt(dot(own, own))
    const isNew = length > 1e-14 * before
    r.data[j * columns + j] = isNew ? length : 0
    for (let i = 0; i < own.length; i++) own[i] = isNew ? own[i] / length : 0
  }
  return { q: transpose(turned), r }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
