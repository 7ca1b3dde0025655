import { cholesky } from './cholesky.ts'
import { dotOf } from './conjugate-gradient.ts'
import { applyMatrix, combine, frobenius, identity, type Matrix, matrix, multiply, transpose } from './matrix.ts'
import { mix } from './mix.ts'
import { orthonormalise } from './orthonormal.ts'

/** min f(x) where c(x) = 0; m constraints of n numbers. */
export interface Constrained {
  energy(x: Float64Array): number
  slope(x: Float64Array): Float64Array
  constraints(x: Float64Array): Float64Array
  /** m × n. */
  jacobian(x: Float64Array): Matrix
  /** Second derivatives of f + lam·c in x, n × n. */
  curvature(x: Float64Array, lam: Float64Array): Matrix
  /** A positive matrix that the curvature is near to: makes systems round. */
  readonly metric?: Matrix
}

/** Weights of the constraints and of the slope in the merit. */
export interface Weights {
  readonly constraint: number
  readonly slope: number
}

/** All that is known at one place and its multipliers. */
export interface Place {
  readonly x: Float64Array
  readonly lam: Float64Array
  readonly energy: number
  readonly c: Float64Array
  readonly jacobian: Matrix
  readonly curvature: Matrix
  /** Slope of the Lagrangian L = f + lam·c in x. */
  readonly slope: Float64Array
  /** Length of (slope, c): 0 where the place is stationary. */
  readonly kkt: number
}

/** What a step asks for at (x, lambda), once: the energy, the constraints, their slopes, the Lagrangian's curvature. */
export function placeAt(problem: Constrained, x: Float64Array, lam: Float64Array): Place {
  const c = problem.constraints(x)
  const jacobian = problem.jacobian(x)
  const slope = mix([1, problem.slope(x)], [1, applyMatrix(transpose(jacobian), lam)])
  const kkt = Math.sqrt(dotOf(slope, slope) + dotOf(c, c))
  return { x, lam, energy: problem.energy(x), c, jacobian, curvature: problem.curvature(x, lam), slope, kkt }
}

/** The exact augmented Lagrangian L + (constraint / 2)|c|² + (slope / 2)|dL/dx|²: its minimum is the solution itself. */
export const meritOf = ({ energy, lam, c, slope }: Place, weights: Weights): number =>
  energy + dotOf(lam, c) + (weights.constraint / 2) * dotOf(c, c) + (weights.slope / 2) * dotOf(slope, slope)

/** The slope of the merit in x and lam. The curvature is the Lagrangian's: with that of f alone it would be another function's. */
export function meritSlope({ c, slope, jacobian, curvature }: Place, weights: Weights): Float64Array {
  const inX = mix([1, slope], [weights.slope, applyMatrix(curvature, slope)], [weights.constraint, applyMatrix(transpose(jacobian), c)])
  return joined(inX, mix([1, c], [weights.slope, applyMatrix(jacobian, slope)]))
}

/** Both in one array, a first. */
export function joined(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}

/** The curvature along what the constraints leave free. */
export function reducedCurvature({ jacobian, curvature }: Place): Matrix {
  const n = curvature.rows
  const m = jacobian.rows
  const wide = matrix(n, m + n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) wide.data[i * (m + n) + j] = jacobian.data[j * n + i]
    wide.data[i * (m + n) + m + i] = 1
  }
  // Columns behind the constraints' that are new to those before them span what is left.
  const { q, r } = orthonormalise(wide)
  const free = Array.from({ length: n }, (_, j) => m + j).filter((j) => r.data[j * (m + n) + j] > 1e-8)
  const z = matrix(n, free.length)
  for (let i = 0; i < n; i++) for (const [j, from] of free.entries()) z.data[i * free.length + j] = q.data[i * (m + n) + from]
  return multiply(transpose(z), curvature, z)
}

/** Curvature below this along what is free is not enough. */
const LEAST_CURVATURE = 1e-6

/** The curvature, with as much of the identity added as makes it surely positive, where it is not along what is free. */
export function positiveCurvature(place: Place, least: number): { readonly b: Matrix; readonly added: number } {
  const reduced = reducedCurvature(place)
  const isPositive = (() => {
    try {
      cholesky(combine([1, reduced], [-LEAST_CURVATURE, identity(reduced.rows)]))
      return true
    } catch {
      return false
    }
  })()
  const added = isPositive ? 0 : least + frobenius(place.curvature)
  return { b: combine([1, place.curvature], [added, identity(place.curvature.rows)]), added }
}

/** [[B, Gᵀ], [G, 0]]. */
export function kktMatrix(b: Matrix, jacobian: Matrix): Matrix {
  const [n, m] = [b.rows, jacobian.rows]
  const size = n + m
  const out = matrix(size, size)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out.data[i * size + j] = b.data[i * n + j]
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) out.data[(n + i) * size + j] = out.data[j * size + n + i] = jacobian.data[i * n + j]
  return out
}

/** How exactly a step has to be solved for, as the theory has it. */
export interface Strictness {
  readonly psi: number
  readonly upsilon: number
  /** The accuracy that is surely small enough, before it is kept from becoming too small. */
  readonly delta: number
}

/** @param constraintLeast the smallest eigenvalue of G Gᵀ. */
export function strictnessOf(
  { jacobian, curvature }: Place,
  b: Matrix,
  constraintLeast: number,
  { least, beta, weights }: { readonly least: number; readonly beta: number; readonly weights: Weights },
): Strictness {
  const psi = (20 * Math.max(frobenius(b) ** 2, 1)) / (Math.min(constraintLeast, 1) * Math.min(least, 1))
  const upsilon = Math.max(frobenius(jacobian), frobenius(curvature), 1)
  const delta = ((0.5 - beta) * weights.slope) / ((1 + weights.constraint + weights.slope) * upsilon ** 2 * psi ** 2)
  return { psi, upsilon, delta }
}
