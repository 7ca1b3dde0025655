import { conjugateGradient, dotOf } from './conjugate-gradient.ts'
import { mix } from './mix.ts'
import { greatest, norm } from './norms.ts'

/** A smooth function with its slope, and its second slope times a vector. */
export interface Curved {
  value(y: Float64Array): number
  slope(y: Float64Array): Float64Array
  curvature(y: Float64Array, v: Float64Array): Float64Array
}

export interface Minimum {
  readonly y: Float64Array
  readonly slope: Float64Array
  /** The greatest magnitude of the slope. */
  readonly residual: number
  readonly status: 'converged' | 'limit'
  readonly iterations: number
}

const HALVINGS = 40
/** What rounding may hide of a value's fall, as a share of it. */
const ROUNDING = 1e-14

/**
 * Newton's method with its systems solved by conjugate gradients, and steps halved until the value falls by Armijo's rule. Yields the
 * minimum as it is known after each step.
 * @param tolerance ends where no part of the slope is greater.
 */
export function* newtonCg(
  { value, slope, curvature }: Curved,
  start: Float64Array,
  { iterations, tolerance }: { readonly iterations: number; readonly tolerance: number },
): Generator<Minimum, Minimum, void> {
  let y = start
  let g = slope(y)
  let now = value(y)
  const minimum = (done: number): Minimum => {
    const residual = greatest(g)
    return { y, slope: g, residual, status: residual <= tolerance ? 'converged' : 'limit', iterations: done }
  }
  for (let i = 0; i < iterations; i++) {
    const size = norm(g)
    if (greatest(g) <= tolerance) return minimum(i)
    const down = g.map((part) => -part)
    const solved = conjugateGradient((v) => curvature(y, v), down, new Float64Array(y.length), {
      iterations: Math.max(60, 2 * y.length),
      tolerance: Math.min(0.1, Math.sqrt(size)) * size,
    }).value
    const direction = dotOf(solved, down) > 0 ? solved : down
    const fall = dotOf(direction, g)
    let moved = false
    for (let half = 0, step = 1; half < HALVINGS && !moved; half++, step /= 2) {
      const next = mix([1, y], [step, direction])
      const there = value(next)
      if (!(there <= now + 1e-4 * step * fall + ROUNDING * Math.abs(now))) continue
      ;[y, g, now, moved] = [next, slope(next), there, true]
    }
    yield minimum(i + 1)
    if (!moved) return minimum(i + 1)
  }
  return minimum(iterations)
}
