import { type Matrix, matrix, multiply, transpose } from './matrix.ts'
import { orthonormalise } from './orthonormal.ts'
import { noiseOf, normalsInto } from './random.ts'

/** a = u diag(s) vᵀ, the largest first; as many values as the shorter side. A value of 0 has a column of nothing in u or v. */
export interface SingularValues {
  readonly u: Matrix
  readonly s: Float64Array
  readonly v: Matrix
}

const SWEEPS = 60

/** The thin decomposition, by one-sided rotations of Jacobi: as exact as the numbers are, for small and for very long matrices. */
export function singularValues(a: Matrix): SingularValues {
  if (a.rows < a.columns) {
    const { u, s, v } = singularValues(transpose(a))
    return { u: v, s, v: u }
  }
  const n = a.columns
  const work = transpose(a)
  const right = matrix(n, n)
  for (let i = 0; i < n; i++) right.data[i * n + i] = 1
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let turned = false
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) turned = turnPair(work, right, p, q) || turned
    if (!turned) break
  }
  return sorted(work, right)
}

/** Makes rows p and q of `work` orthogonal, and turns `right` along. @returns whether there was anything to do. */
function turnPair(work: Matrix, right: Matrix, p: number, q: number): boolean {
  const a = work.data.subarray(p * work.columns, (p + 1) * work.columns)
  const b = work.data.subarray(q * work.columns, (q + 1) * work.columns)
  let [aa, bb, ab] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    aa += a[i] * a[i]
    bb += b[i] * b[i]
    ab += a[i] * b[i]
  }
  if (Math.abs(ab) <= 1e-15 * Math.sqrt(aa * bb) || ab === 0) return false
  const zeta = (bb - aa) / (2 * ab)
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
  const c = 1 / Math.hypot(1, t)
  rotate(a, b, c, c * t)
  rotate(
    right.data.subarray(p * right.columns, (p + 1) * right.columns),
    right.data.subarray(q * right.columns, (q + 1) * right.columns),
    c,
    c * t,
  )
  return true
}

function rotate(a: Float64Array, b: Float64Array, c: number, s: number): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i]
    a[i] = c * x - s * b[i]
    b[i] = s * x + c * b[i]
  }
}

function sorted(work: Matrix, right: Matrix): SingularValues {
  const n = work.rows
  const lengths = Array.from({ length: n }, (_, k) => Math.sqrt(squares(work.data.subarray(k * work.columns, (k + 1) * work.columns))))
  const order = lengths.map((_, k) => k).sort((x, y) => lengths[y] - lengths[x])
  const u = matrix(work.columns, n)
  const v = matrix(n, n)
  for (const [to, from] of order.entries()) {
    const length = lengths[from]
    for (let i = 0; i < work.columns; i++) u.data[i * n + to] = length > 0 ? work.data[from * work.columns + i] / length : 0
    for (let i = 0; i < n; i++) v.data[i * n + to] = right.data[from * n + i]
  }
  return { u, s: Float64Array.from(order, (k) => lengths[k]), v }
}

function squares(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}

/** The first `count` columns. */
export function firstColumns(a: Matrix, count: number): Matrix {
  const out = matrix(a.rows, count)
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < count; j++) out.data[i * count + j] = a.data[i * a.columns + j]
  return out
}

/** The exact way is dear beyond this many values on the shorter side. */
const EXACT = 64
const SPARE = 8
const POWERS = 4

/**
 * Orthonormal columns that span the `count` leading left directions: exact for small matrices, by a seeded random subspace and a few
 * products with a and aᵀ for large ones.
 */
export function leadingDirections(a: Matrix, count: number, seed: number): Matrix {
  const width = count + SPARE
  if (Math.min(a.rows, a.columns) <= Math.max(EXACT, width)) return firstColumns(singularValues(a).u, count)
  const random = matrix(a.columns, width)
  normalsInto(random.data, noiseOf(seed))
  const turned = transpose(a)
  let q = orthonormalise(multiply(a, random)).q
  for (let power = 0; power < POWERS; power++) q = orthonormalise(multiply(a, orthonormalise(multiply(turned, q)).q)).q
  return firstColumns(multiply(q, singularValues(multiply(transpose(q), a)).u), count)
}

/** The decomposition of a product f gᵀ, by its factors alone: never larger than they are. */
export function productValues(f: Matrix, g: Matrix): SingularValues {
  const left = orthonormalise(f)
  const right = orthonormalise(g)
  const { u, s, v } = singularValues(multiply(left.r, transpose(right.r)))
  return { u: multiply(left.q, u), s, v: multiply(right.q, v) }
}
