import type { Apply } from '../../../math/conjugate-gradient.ts'
import { mix } from '../../../math/mix.ts'

/** How slices are tied to their neighbours: total variation along the stack. */
export interface Stack {
  readonly slices: number
  readonly rho: number
  readonly lambda: number
  /** Does the last slice lead on to the first? */
  readonly periodic: boolean
}

/** The differences that total variation wants, and what they owe to those that are: kept from step to step. */
export interface Split {
  readonly wanted: Float64Array
  readonly dual: Float64Array
}

/** Differences between slices before the first step: none are wanted, none are owed. `size` counts values of the whole stack. */
export const firstSplit = (size: number): Split => ({ wanted: new Float64Array(size), dual: new Float64Array(size) })

/** Each slice's way to the next; the last one's to the first, or nothing. */
export function differencesOf(x: Float64Array, { slices, periodic }: Stack): Float64Array {
  const size = x.length / slices
  const last = x.length - size
  return x.map((value, i) => (i < last ? x[i + size] - value : periodic ? x[i - last] - value : 0))
}

/** The adjoint of `differencesOf`. */
export function differencesAdjoint(d: Float64Array, { slices, periodic }: Stack): Float64Array {
  const size = d.length / slices
  const last = d.length - size
  const x = new Float64Array(d.length)
  for (let i = 0; i < d.length; i++) {
    if (i >= last && !periodic) continue
    x[i] -= d[i]
    x[i < last ? i + size : i - last] += d[i]
  }
  return x
}

/** (AᵀA + rho DᵀD) x = Aᵀy + rho Dᵀ(wanted - dual). */
export function splitSystem(normal: Apply, back: Float64Array, { wanted, dual }: Split, stack: Stack): readonly [Apply, Float64Array] {
  return [
    (x) => mix([1, normal(x)], [stack.rho, differencesAdjoint(differencesOf(x, stack), stack)]),
    mix([1, back], [stack.rho, differencesAdjoint(mix([1, wanted], [-1, dual]), stack)]),
  ]
}

/** wanted = shrink(D x + dual, lambda / rho), dual += D x - wanted. */
export function splitStep(x: Float64Array, { dual }: Split, stack: Stack): Split {
  const reach = mix([1, differencesOf(x, stack)], [1, dual])
  const least = stack.lambda / stack.rho
  const wanted = reach.map((value) => Math.sign(value) * Math.max(0, Math.abs(value) - least))
  return { wanted, dual: mix([1, reach], [-1, wanted]) }
}
