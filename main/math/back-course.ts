import type { Leg, Node } from './gaussian-path.ts'
import type { Denoise } from './prediction.ts'

/** The legs of the way back, from the landing up to the noise: over the levels that generation starts its steps from. */
export function backLegs(legs: readonly Leg[]): readonly Leg[] {
  const levels = [legs[legs.length - 1].to, ...legs.map((leg) => leg.from).reverse()]
  return levels.slice(1).map((to, i) => ({ from: levels[i], to }))
}

/**
 * On the way back DDIM asks the network at the level it goes to, with the state of the level it comes from: the noise is the
 * network's, and the clean picture is what is left of the state without it. An approximation, first order in the gap.
 */
export function askAhead(denoise: Denoise, legs: readonly Leg[]): Denoise {
  const ahead = new Map<Node, Node>(legs.map(({ from, to }) => [from, to]))
  return async (x, at, signal) => {
    const asked = ahead.get(at)
    if (!asked) throw new RangeError('This node is not on the way back.')
    const { eps } = await denoise(x, asked, signal)
    return { x0: x.map((value, i) => (value - at.sigma * eps[i]) / at.alpha), eps }
  }
}
