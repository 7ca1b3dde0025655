import { type Leg, legsOf, type Node } from './gaussian-path.ts'
import { mix } from './mix.ts'

/**
 * From one level to another, either way, with the noise given: alpha' (x - sigma eps) / alpha + sigma' eps. Linear in (x, eps), and
 * move(., eps, to, from) undoes it.
 */
export function move(x: Float64Array, eps: Float64Array, from: Node, to: Node): Float64Array {
  const scale = to.alpha / from.alpha
  return mix([scale, x], [to.sigma - scale * from.sigma, eps])
}

/** The levels of a course, cleanest first: where its last leg lands, then those its legs begin at. */
export const levelsOf = (legs: readonly Leg[]): readonly Node[] => [legs[legs.length - 1].to, ...legs.map((leg) => leg.from).reverse()]

/** The same levels as a generation: noise first. */
export const legsDown = (levels: readonly Node[]): readonly Leg[] => legsOf([...levels].reverse())

/** Root mean square. */
export const rootMeanSquare = (x: Float64Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length)
