import { mix } from './mix.ts'

/** A linear map of vectors of one length. */
export type Apply = (x: Float64Array) => Float64Array

/** Σ a b. */
export const dotOf = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0)

/** How an iterative solution ended. `indefinite`: the map is no positive semidefinite one, so that the answer is worth nothing. */
export type SolveStatus = 'converged' | 'limit' | 'indefinite'

export interface Solution {
  readonly value: Float64Array
  readonly status: SolveStatus
  readonly iterations: number
  /** Length of b - G x. */
  readonly residual: number
}

/** A curvature this far below nothing, as a share of what lengths allow, is no rounding. */
const NEGATIVE = 1e-10

/**
 * Conjugate gradients on G x = b from x: r = b - G x, p = r; x += a p, r -= a G p with a = r·r / p·Gp; p = r + (r·r / before) p.
 * G is symmetric and positive semidefinite; a Hermitian system is one of real and imaginary parts, where r·r is Re(rᴴr). Yields after
 * each iteration. A start that is good enough is left as it is, and nothing is ever divided by nothing.
 * @param tolerance ends where |r| falls below it.
 */
export function* conjugateGradients(
  apply: Apply,
  b: Float64Array,
  start: Float64Array,
  { iterations, tolerance }: { readonly iterations: number; readonly tolerance: number },
): Generator<Solution, Solution, void> {
  let value = start
  let r = mix([1, b], [-1, apply(start)])
  let p = r
  let square = dotOf(r, r)
  const solution = (status: SolveStatus, done: number): Solution => ({ value, status, iterations: done, residual: Math.sqrt(square) })
  if (square === 0 || Math.sqrt(square) < tolerance) return solution('converged', 0)
  for (let i = 1; i <= iterations; i++) {
    const gp = apply(p)
    const curvature = dotOf(p, gp)
    if (!(curvature > 0)) {
      const scale = Math.sqrt(dotOf(p, p) * dotOf(gp, gp))
      return solution(curvature < -NEGATIVE * scale || Number.isNaN(curvature) ? 'indefinite' : 'converged', i - 1)
    }
    const step = square / curvature
    value = mix([1, value], [step, p])
    r = mix([1, r], [-step, gp])
    const before = square
    square = dotOf(r, r)
    const isDone = square === 0 || Math.sqrt(square) < tolerance
    yield solution(isDone ? 'converged' : 'limit', i)
    if (isDone) return solution('converged', i)
    p = mix([1, r], [square / before, p])
  }
  return solution('limit', iterations)
}

/** The same without a pause. */
export function conjugateGradient(...args: Parameters<typeof conjugateGradients>): Solution {
  const run = conjugateGradients(...args)
  for (let next = run.next(); ; next = run.next()) if (next.done) return next.value
}
