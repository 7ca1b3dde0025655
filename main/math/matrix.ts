/** A dense matrix of float64, row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

/** @param data row-major, the array itself; zeros unless given. @throws RangeError where it does not fill the matrix. */
export function matrix(rows: number, columns: number, data: Float64Array = new Float64Array(rows * columns)): Matrix {
  if (data.length !== rows * columns) throw new RangeError(`${data.length} values do not fill ${rows} × ${columns}`)
  return { rows, columns, data }
}

/** A copy. @throws RangeError where rows differ in length. */
export const fromRows = (rows: readonly (readonly number[])[]): Matrix =>
  matrix(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flat()))

/** A copy, row by row. */
export const toRows = ({ rows, columns, data }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)])

/** n × n. */
export function identity(n: number): Matrix {
  const out = matrix(n, n)
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1
  return out
}

/** Σ scale · matrix over the terms: a linear combination in one pass. */
export function combine(...terms: readonly (readonly [scale: number, term: Matrix])[]): Matrix {
  const [, { rows, columns }] = terms[0]
  const out = matrix(rows, columns)
  for (const [scale, term] of terms) for (let i = 0; i < out.data.length; i++) out.data[i] += scale * term.data[i]
  return out
}

/** A copy, rows for columns. */
export function transpose(a: Matrix): Matrix {
  const out = matrix(a.columns, a.rows)
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) out.data[j * a.rows + i] = a.data[i * a.columns + j]
  return out
}

/** The product of the factors from left to right. @throws RangeError where they do not fit. */
export function multiply(...factors: readonly Matrix[]): Matrix {
  return factors.reduce((a, b) => {
    if (a.columns !== b.rows) throw new RangeError(`${a.rows} × ${a.columns} does not multiply ${b.rows} × ${b.columns}`)
    const out = matrix(a.rows, b.columns)
    for (let i = 0; i < a.rows; i++)
      for (let k = 0; k < a.columns; k++) {
        const value = a.data[i * a.columns + k]
        for (let j = 0; j < b.columns; j++) out.data[i * b.columns + j] += value * b.data[k * b.columns + j]
      }
    return out
  })
}

/** A matrix times a vector. */
export function applyMatrix(a: Matrix, x: ArrayLike<number>): Float64Array {
  const out = new Float64Array(a.rows)
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) out[i] += a.data[i * a.columns + j] * x[j]
  return out
}

/** Sum of the diagonal; the matrix is square. */
export function trace(a: Matrix): number {
  let sum = 0
  for (let i = 0; i < a.rows; i++) sum += a.data[i * a.columns + i]
  return sum
}

/** Square root of the sum of squares. */
export const frobenius = (a: Matrix): number => Math.sqrt(a.data.reduce((sum, value) => sum + value * value, 0))

/** Gauss and Jordan with partial pivoting. @throws RangeError where the matrix is singular. */
export function inverse(a: Matrix): Matrix {
  const n = a.rows
  const left = a.data.slice()
  const right = identity(n).data
  const swap = (data: Float64Array, i: number, k: number) => {
    for (let j = 0; j < n; j++) [data[i * n + j], data[k * n + j]] = [data[k * n + j], data[i * n + j]]
  }
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let i = column + 1; i < n; i++) if (Math.abs(left[i * n + column]) > Math.abs(left[pivot * n + column])) pivot = i
    if (left[pivot * n + column] === 0) throw new RangeError('The matrix is singular.')
    swap(left, column, pivot)
    swap(right, column, pivot)
    const scale = 1 / left[column * n + column]
    for (let i = 0; i < n; i++) {
      if (i === column) continue
      const factor = left[i * n + column] * scale
      for (let j = 0; j < n; j++) {
        left[i * n + j] -= factor * left[column * n + j]
        right[i * n + j] -= factor * right[column * n + j]
      }
    }
    for (let j = 0; j < n; j++) {
      left[column * n + j] *= scale
      right[column * n + j] *= scale
    }
  }
  return matrix(n, n, right)
}

const SWEEPS = 60

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations: a = vectors · diag(values) · vectorsᵀ.
 * Column k of `vectors` belongs to `values[k]`; in no particular order.
 */
export function symmetricEigen(a: Matrix): { readonly values: Float64Array; readonly vectors: Matrix } {
  const n = a.rows
  const d = a.data.slice()
  const vectors = identity(n)
  const v = vectors.data
  const scale = frobenius(a)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += d[i * n + j] ** 2
    if (Math.sqrt(off) <= 1e-15 * scale) break
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (d[p * n + q] === 0) continue
        const theta = (d[q * n + q] - d[p * n + p]) / (2 * d[p * n + q])
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        rotate(d, v, n, p, q, c, t * c)
      }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => d[i * n + i]), vectors }
}

/** One rotation in the plane of axes p and q, on both sides of d and on the columns of v. */
function rotate(d: Float64Array, v: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const kp = d[k * n + p]
    const kq = d[k * n + q]
    d[k * n + p] = c * kp - s * kq
    d[k * n + q] = s * kp + c * kq
    const vp = v[k * n + p]
    const vq = v[k * n + q]
    v[k * n + p] = c * vp - s * vq
    v[k * n + q] = s * vp + c * vq
  }
  for (let k = 0; k < n; k++) {
    const pk = d[p * n + k]
    const qk = d[q * n + k]
    d[p * n + k] = c * pk - s * qk
    d[q * n + k] = s * pk + c * qk
  }
}
