import { type Factors, productOf } from './factors.ts'
import { type Matrix, matrix, multiply, transpose } from './matrix.ts'
import { productValues, singularValues } from './singular-values.ts'

/** What the measurements say is wrong with a product: (1/N) Σ (⟨A_i, X⟩ - y_i) A_i; X - M where all is seen. */
export type Residual = (product: Matrix) => Matrix

const stepped = (a: Matrix, eta: number, slope: Matrix): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((value, i) => value - eta * slope.data[i]),
  )
const squares = (a: Matrix): number => a.data.reduce((sum, value) => sum + value * value, 0)

/** Gradient descent on F Gᵀ: both factors by the same residual. `loss` is |residual|². */
export function descend({ left, right }: Factors, residual: Residual, eta: number): { readonly next: Factors; readonly loss: number } {
  const rest = residual(productOf({ left, right }))
  const next = { left: stepped(left, eta, multiply(rest, right)), right: stepped(right, eta, multiply(transpose(rest), left)) }
  return { next, loss: squares(rest) }
}

/** Gradient descent on Z Zᵀ, of symmetric matrices: slow for ever where Z has columns to spare. */
export function descendSymmetric(z: Matrix, residual: Residual, eta: number): { readonly next: Matrix; readonly loss: number } {
  const rest = residual(productOf({ left: z, right: z }))
  return { next: stepped(z, 2 * eta, multiply(rest, z)), loss: squares(rest) }
}

/**
 * The same product by factors of different scale: with F = A S Bᵀ, F becomes beta A and G becomes G B diag(S / beta). All directions of F
 * are then equally strong, so that descent is as quick in each of them.
 */
export function unbalanced({ left, right }: Factors, beta: number): Factors {
  const { u, s, v } = singularValues(left)
  const turned = multiply(right, v)
  const k = s.length
  return {
    left: matrix(
      u.rows,
      k,
      u.data.map((value) => beta * value),
    ),
    right: matrix(
      turned.rows,
      k,
      turned.data.map((value, i) => (value * s[i % k]) / beta),
    ),
  }
}

/** A direction weaker than this share of the strongest was not found yet. */
const FAINT = 0.05

/** The root of the weakest direction of a product that is there at all. */
export function weakestScale({ left, right }: Factors): number {
  const { s } = productValues(left, right)
  const found = s.filter((value) => value > FAINT * s[0])
  return Math.sqrt(found[found.length - 1])
}
