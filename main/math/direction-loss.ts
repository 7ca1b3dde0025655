import { type Apply, dotOf } from './conjugate-gradient.ts'
import { mix } from './mix.ts'

/** What is wrong with a direction, and how it changes with it. */
export interface DirectionLoss {
  readonly loss: number
  readonly slope: Float64Array
}

/**
 * |b - alpha A f|² of a direction f for a right side of length 1, A symmetric. `least` takes the alpha that leaves least of b; `galerkin`
 * the one of the solver itself, which a direction can cheat by making A f long.
 */
export function directionLoss(apply: Apply, b: Float64Array, f: Float64Array, alphaOf: 'least' | 'galerkin'): DirectionLoss {
  const af = apply(f)
  if (alphaOf === 'least') {
    const alpha = dotOf(af, b) / dotOf(af, af)
    const rest = mix([1, b], [-alpha, af])
    // What is left is at right angles to A f: a change of alpha changes nothing.
    return { loss: dotOf(rest, rest), slope: mix([-2 * alpha, apply(rest)]) }
  }
  const [along, curvature] = [dotOf(f, b), dotOf(f, af)]
  const alpha = along / curvature
  const rest = mix([1, b], [-alpha, af])
  const off = -2 * dotOf(rest, af)
  const slope = mix([off / curvature, b], [(-2 * off * along) / curvature ** 2, af], [-2 * alpha, apply(rest)])
  return { loss: dotOf(rest, rest), slope }
}
