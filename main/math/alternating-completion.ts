import { type Factors, productOf } from './factors.ts'
import { type Matrix, matrix, multiply, transpose } from './matrix.ts'
import { orthonormalise } from './orthonormal.ts'
import { solvePositive } from './positive-system.ts'
import { noiseOf, uniformsInto } from './random.ts'
import { leadingDirections, productValues } from './singular-values.ts'
import { sketchedLeastSquares, sketchedTriangle } from './sketched-regression.ts'

export interface Alternation {
  readonly rounds: number
  /** Weight of |v|²; more columns than the matrix has need some. */
  readonly ridge: number
  /** `sketch` solves each row nearly, by a random sketch of it, as exactly as the progress asks for; `exact` by its normal equations. */
  readonly rows: 'exact' | 'sketch'
  readonly seed: number
}

/** A row of the least squares is worth sketching from so many times its columns on. */
const TALL = 4
const SKETCHED_ITERATIONS = 30

/** The `columns` leading left directions of what is known over the share of it: where the alternation begins. */
export function completionStart(values: Matrix, known: Uint8Array, columns: number, seed: number): Matrix {
  const share = known.reduce((sum, one) => sum + one, 0) / known.length
  const filled = values.data.map((value, i) => (known[i] ? value / share : 0))
  return leadingDirections(matrix(values.rows, values.columns, filled), columns, seed)
}

interface Fit extends Alternation {
  readonly tolerance: number
  readonly near: Matrix | null
}

/** argmin |a v - y|² + ridge |v|² by the normal equations; a hair of ridge where they are singular. */
function exactRow(a: Matrix, y: Float64Array, ridge: number): Float64Array {
  const k = a.columns
  const square = matrix(k, k)
  const right = new Float64Array(k)
  for (let i = 0; i < a.rows; i++)
    for (let p = 0; p < k; p++) {
      const value = a.data[i * k + p]
      right[p] += value * y[i]
      for (let q = 0; q < k; q++) square.data[p * k + q] += value * a.data[i * k + q]
    }
  let size = 0
  for (let p = 0; p < k; p++) {
    square.data[p * k + p] += ridge
    size += square.data[p * k + p]
  }
  if (size === 0) return right
  try {
    return solvePositive(square, right)
  } catch {
    for (let p = 0; p < k; p++) square.data[p * k + p] += (1e-10 * size) / k
    return solvePositive(square, right)
  }
}

function sketchedRow(a: Matrix, y: Float64Array, row: number, { ridge, seed, tolerance, near }: Fit): Float64Array {
  const k = a.columns
  const uniform = new Float64Array(2 * a.rows)
  uniformsInto(uniform, noiseOf(seed + row))
  const rows = TALL * k
  const to = Uint32Array.from({ length: a.rows }, (_, i) => Math.floor(rows * uniform[i]))
  const sign = Float64Array.from({ length: a.rows }, (_, i) => (uniform[a.rows + i] < 0.5 ? -1 : 1))
  const r = sketchedTriangle(a, { rows, to, sign }, ridge)
  for (let i = 0; i < k; i++) if (!(r.data[i * k + i] > 0)) return exactRow(a, y, ridge)
  const from = near ? near.data.slice(row * k, (row + 1) * k) : new Float64Array(k)
  return sketchedLeastSquares(a, y, r, from, { ridge, tolerance, iterations: SKETCHED_ITERATIONS })
}

/** Each row of `values` as a combination of the factor's columns, by what of it is known. */
export function fitRows(values: Matrix, known: Uint8Array, factor: Matrix, fit: Fit): Matrix {
  const k = factor.columns
  const out = matrix(values.rows, k)
  for (let row = 0; row < values.rows; row++) {
    const places: number[] = []
    for (let i = 0; i < values.columns; i++) if (known[row * values.columns + i]) places.push(i)
    const a = matrix(places.length, k)
    for (const [to, from] of places.entries()) a.data.set(factor.data.subarray(from * k, (from + 1) * k), to * k)
    const y = Float64Array.from(places, (i) => values.data[row * values.columns + i])
    const sketched = fit.rows === 'sketch' && places.length > TALL * k
    out.data.set(sketched ? sketchedRow(a, y, row, fit) : exactRow(a, y, fit.ridge), row * k)
  }
  return out
}

/** Both factors of equal weight: the product's directions, each times the root of its value. */
function balanced({ left, right }: Factors): Factors {
  const { u, s, v } = productValues(left, right)
  const weigh = (a: Matrix) =>
    matrix(
      a.rows,
      a.columns,
      a.data.map((value, i) => value * Math.sqrt(s[i % a.columns])),
    )
  return { left: weigh(u), right: weigh(v) }
}

/** Where the conjugate gradients of a sketched row may end, before the progress is known. */
const FIRST_TOLERANCE = 1e-2

/**
 * Alternating least squares on what is known of `values` ≈ left rightᵀ, from orthonormal left directions. Without a ridge each factor is
 * made orthonormal before the other is fitted to it; with one both are balanced after a round. Yields after each round.
 */
export function* alternateCompletion(
  values: Matrix,
  known: Uint8Array,
  start: Matrix,
  settings: Alternation,
): Generator<Factors, Factors, void> {
  const turned = transpose(values)
  const knownTurned = Uint8Array.from(transpose(matrix(values.rows, values.columns, Float64Array.from(known))).data)
  const { ridge } = settings
  let factors: Factors = { left: start, right: matrix(values.columns, start.columns) }
  let near: { readonly left: Matrix | null; readonly right: Matrix | null } = { left: null, right: null }
  let tolerance = FIRST_TOLERANCE
  let last: Matrix | null = null
  for (let round = 0; round < settings.rounds; round++) {
    const right = fitRows(turned, knownTurned, factors.left, { ...settings, tolerance, near: near.right })
    const basis = ridge > 0 ? { q: right, r: null } : orthonormalise(right)
    const warmLeft = basis.r && near.left ? multiply(near.left, transpose(basis.r)) : near.left
    const left = fitRows(values, known, basis.q, { ...settings, tolerance, near: warmLeft })
    factors = { left, right: basis.q }
    if (ridge > 0) factors = balanced(factors)
    yield factors
    if (settings.rows === 'sketch') {
      const product = productOf(factors)
      if (last) tolerance = Math.min(FIRST_TOLERANCE, Math.max(1e-15, 0.1 * change(product, last)))
      last = product
    }
    if (ridge > 0) near = factors
    else if (round + 1 < settings.rounds) {
      const { q, r } = orthonormalise(left)
      near = { left: q, right: multiply(factors.right, transpose(r)) }
      factors = { left: q, right: factors.right }
    }
  }
  return factors
}

/** Distance of two products as a share of the first. */
function change(product: Matrix, before: Matrix): number {
  let [apart, size] = [0, 0]
  for (let i = 0; i < product.data.length; i++) {
    apart += (product.data[i] - before.data[i]) ** 2
    size += product.data[i] ** 2
  }
  return size > 0 ? Math.sqrt(apart / size) : 0
}
