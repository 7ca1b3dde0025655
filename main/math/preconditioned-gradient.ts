import { type Apply, dotOf, type Solution, type SolveStatus } from './conjugate-gradient.ts'
import { mix } from './mix.ts'

/**
 * Conjugate gradients on G x = b where M, near to G's inverse, makes the residuals lie well: z = M r, p = z + (r·z / before) p. Both
 * are symmetric and positive. Yields after each iteration; a start that is good enough is left as it is.
 * @param tolerance ends where |r| is no longer than it.
 */
export function* preconditionedGradients(
  apply: Apply,
  precondition: Apply,
  b: Float64Array,
  start: Float64Array,
  { iterations, tolerance }: { readonly iterations: number; readonly tolerance: number },
): Generator<Solution, Solution, void> {
  let value = start
  let r = mix([1, b], [-1, apply(start)])
  let residual = Math.sqrt(dotOf(r, r))
  const solution = (status: SolveStatus, done: number): Solution => ({ value, status, iterations: done, residual })
  if (residual <= tolerance) return solution('converged', 0)
  let p: Float64Array | null = null
  let before = 0
  for (let i = 1; i <= iterations; i++) {
    const z = precondition(r)
    const along = dotOf(r, z)
    if (!(along > 0)) return solution('indefinite', i - 1)
    p = p ? mix([1, z], [along / before, p]) : z
    before = along
    const gp = apply(p)
    const curvature = dotOf(p, gp)
    if (!(curvature > 0)) return solution('indefinite', i - 1)
    const step = along / curvature
    value = mix([1, value], [step, p])
    r = mix([1, r], [-step, gp])
    residual = Math.sqrt(dotOf(r, r))
    const isDone = residual <= tolerance
    yield solution(isDone ? 'converged' : 'limit', i)
    if (isDone) return solution('converged', i)
  }
  return solution('limit', iterations)
}
