import { inverse, type Matrix, matrix } from './matrix.ts'
import { norm } from './norms.ts'
import { solvePositive } from './positive-system.ts'

/** A column this much shorter after its shadows on the others are taken off adds nothing. */
const DEPENDENT = 1e-10

/**
 * An orthonormal basis of the space of a matrix's columns, by Gram and Schmidt with pivoting, twice each. What depends on that space alone
 * (every score here) may be found of it: scales and dependent columns drop out. @throws RangeError where a value is not finite.
 */
export function columnBasis({ rows, columns, data }: Matrix): Matrix {
  if (!data.every(Number.isFinite)) throw new RangeError('A value is not finite.')
  const left = Array.from({ length: columns }, (_, j) => Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]))
  const most = left.reduce((top, column) => Math.max(top, norm(column)), 0)
  // Columns of very different sizes are no dependent ones: each is measured by its own length.
  const lengths = left.map(norm)
  for (const [j, column] of left.entries()) if (lengths[j] > 0) for (let i = 0; i < rows; i++) column[i] /= lengths[j]
  const basis: Float64Array[] = []
  while (left.length > 0 && most > 0) {
    const longest = left.reduce((best, column, j) => (norm(column) > norm(left[best]) ? j : best), 0)
    const [column] = left.splice(longest, 1)
    if (norm(column) < DEPENDENT) break
    const takeOff = (from: Float64Array, unit: Float64Array) => {
      const along = unit.reduce((sum, value, i) => sum + value * from[i], 0)
      for (let i = 0; i < rows; i++) from[i] -= along * unit[i]
    }
    for (const unit of basis) takeOff(column, unit)
    const length = norm(column)
    const unit = column.map((value) => value / length)
    basis.push(unit)
    for (const other of left) takeOff(other, unit)
  }
  const out = matrix(rows, basis.length)
  for (const [j, unit] of basis.entries()) for (let i = 0; i < rows; i++) out.data[i * basis.length + j] = unit[i]
  return out
}

const rowOf = ({ columns, data }: Matrix, i: number) => data.subarray(i * columns, (i + 1) * columns)
const squareOf = (row: Float64Array) => row.reduce((sum, value) => sum + value * value, 0)

/** aᵢᵀ (AᵀA)⁺ aᵢ of each row: what one row can be of all, in squares. Sums to the rank. @param basis of `columnBasis`. */
export const leverages = (basis: Matrix): Float64Array => Float64Array.from({ length: basis.rows }, (_, i) => squareOf(rowOf(basis, i)))

const LEWIS_ROUNDS = 5000

/** The weights with wᵢ = (aᵢᵀ (Aᵀ diag(w^(1 - 2/p)) A)⁻¹ aᵢ)^(p/2), for 0 < p < 4. They sum to the rank. */
export function lewisWeights(basis: Matrix, p: number): Float64Array {
  if (!(p > 0 && p < 4)) throw new RangeError(`Lewis weights are found for p between 0 and 4, not ${p}.`)
  const { rows, columns } = basis
  let weights: Float64Array = leverages(basis).map((value) => (value > 0 ? columns / rows : 0))
  for (let round = 0; round < LEWIS_ROUNDS; round++) {
    const gram = matrix(columns, columns)
    for (let i = 0; i < rows; i++) {
      if (weights[i] === 0) continue
      const row = rowOf(basis, i)
      const scale = weights[i] ** (1 - 2 / p)
      for (let j = 0; j < columns; j++) for (let k = 0; k < columns; k++) gram.data[j * columns + k] += scale * row[j] * row[k]
    }
    const inverted = inverse(gram).data
    let change = 0
    const before = weights
    weights = weights.map((weight, i) => {
      if (weight === 0) return 0
      const row = rowOf(basis, i)
      let form = 0
      for (let j = 0; j < columns; j++) for (let k = 0; k < columns; k++) form += row[j] * inverted[j * columns + k] * row[k]
      return Math.max(0, form) ** (p / 2)
    })
    for (let i = 0; i < rows; i++) change = Math.max(change, Math.abs(weights[i] - before[i]))
    if (change < 1e-12) break
  }
  return weights
}

/** Vectors that are square to `row`, as columns: all but the first of the reflection that lays it on the first axis. */
function squareTo(row: Float64Array): Matrix {
  const d = row.length
  const v = row.slice()
  v[0] += Math.sign(row[0] || 1) * Math.sqrt(squareOf(row))
  const scale = 2 / squareOf(v)
  const out = matrix(d, d - 1)
  for (let i = 0; i < d; i++) for (let j = 1; j < d; j++) out.data[i * (d - 1) + j - 1] = Number(i === j) - scale * v[i] * v[j]
  return out
}

const NEWTON_STEPS = 60
/** Where p < 2 the corner of |r|^p is rounded, less and less: as shares of the mean residual. */
const FIRST_ROUND = 0.1
const LAST_ROUND = 1e-9
const SHARPER = 0.3

/** min Σ |r|^p over r = start + Z y, by Newton with halved steps. */
function leastPower(start: Float64Array, z: Matrix, p: number): number {
  const d = z.columns
  let r = start
  const mean = Math.sqrt(squareOf(start) / start.length)
  const rounds = p < 2 ? [FIRST_ROUND] : [0]
  while (p < 2 && rounds[rounds.length - 1] > LAST_ROUND) rounds.push(rounds[rounds.length - 1] * SHARPER)
  for (const round of rounds) {
    const e2 = (round * mean) ** 2
    const value = (at: Float64Array) => at.reduce((sum, entry) => sum + (entry * entry + e2) ** (p / 2), 0)
    let here = value(r)
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const gradient = new Float64Array(d)
      const hessian = matrix(d, d)
      for (const [i, entry] of r.entries()) {
        const square = entry * entry + e2
        if (square === 0) continue
        const first = p * entry * square ** (p / 2 - 1)
        const second = p * square ** (p / 2 - 2) * ((p - 1) * entry * entry + e2)
        const row = rowOf(z, i)
        for (let j = 0; j < d; j++) {
          gradient[j] += first * row[j]
          for (let k = 0; k < d; k++) hessian.data[j * d + k] += second * row[j] * row[k]
        }
      }
      let trace = 0
      for (let j = 0; j < d; j++) trace += hessian.data[j * d + j]
      for (let j = 0; j < d; j++) hessian.data[j * d + j] += 1e-13 * trace + Number.MIN_VALUE
      const down = solvePositive(hessian, gradient)
      const slope = down.reduce((sum, entry, j) => sum + entry * gradient[j], 0)
      if (!(slope > 1e-14 * here)) break
      let t = 1
      let next = r
      for (; t > 1e-12; t /= 2) {
        next = r.map((entry, i) => entry - t * rowOf(z, i).reduce((sum, factor, j) => sum + factor * down[j], 0))
        if (value(next) <= here - 1e-4 * t * slope) break
      }
      if (t <= 1e-12) break
      r = next
      here = value(r)
    }
  }
  return r.reduce((sum, entry) => sum + Math.abs(entry) ** p, 0)
}

/**
 * What each row can be of all at most: max over x of |aᵢ·x|^p / Σ |aⱼ·x|^p, p ≥ 1; 1 / it is the least Σ |Ax|^p with aᵢ·x = 1. Costs a
 * small problem of Newton a row. @param basis of `columnBasis`.
 */
export function sensitivityOf(basis: Matrix, i: number, p: number): number {
  const row = rowOf(basis, i)
  const leverage = squareOf(row)
  if (leverage === 0) return 0
  if (p === 2) return leverage
  const { rows, columns } = basis
  const start = Float64Array.from({ length: rows }, (_, k) => rowOf(basis, k).reduce((sum, value, j) => sum + value * row[j], 0) / leverage)
  if (columns === 1) return 1 / start.reduce((sum, entry) => sum + Math.abs(entry) ** p, 0)
  const free = squareTo(row)
  const z = matrix(rows, columns - 1)
  for (let k = 0; k < rows; k++)
    for (let j = 0; j < columns; j++) {
      const value = basis.data[k * columns + j]
      for (let l = 0; l < columns - 1; l++) z.data[k * (columns - 1) + l] += value * free.data[j * (columns - 1) + l]
    }
  return 1 / leastPower(start, z, p)
}

/** How likely each row is kept where scores are cut off at `alpha`. */
export const keepChances = (scores: Float64Array, alpha: number): Float64Array => scores.map((score) => Math.min(1, score / alpha))

/** The cut-off at which `size` rows are kept on average. */
export function cutFor(scores: Float64Array, size: number): number {
  const total = scores.reduce((sum, score) => sum + score, 0)
  let [low, high] = [0, total / Math.min(size, 1)]
  for (let round = 0; round < 200; round++) {
    const alpha = (low + high) / 2
    if (keepChances(scores, alpha).reduce((sum, chance) => sum + chance, 0) > size) low = alpha
    else high = alpha
  }
  return high
}
