import {
  activitiesOf,
  addOuter,
  addProductTransposed,
  type Layered,
  type RelaxingNetwork,
  readOut,
  relax,
  relaxingParts,
  slopeOfActivity,
} from '../../math/relaxing-network.ts'

/** How errors are found by relaxing. */
export interface Nudging {
  /** Strength of the push, and at how many points of a circle of that radius. */
  readonly beta: number
  readonly points: number
  readonly damping: number
  readonly steps: number
  readonly stillness?: number
}

/** A batch: inputs [example, input], wanted probabilities [example, class]. */
export interface Batch {
  readonly x: Float64Array
  readonly target: Float64Array
}

/**
 * How activities move where the last layer is pushed towards the target, da/dβ at 0, from relaxations at points on a circle
 * (Cauchy): true up to O(βᴺ). One point is a plain difference. Points below the axis mirror those above.
 */
export function errorVectors(network: RelaxingNetwork, { x, target }: Batch, free: Layered, nudging: Nudging): Float64Array[] {
  const { beta, points, damping, steps, stillness = 0 } = nudging
  const at = (re: number, im: number) =>
    activitiesOf(relax(network, x, { start: free, nudge: { re, im, target }, damping, steps, stillness }).u)
  if (points === 1) {
    const [pushed, rest] = [at(beta, 0), activitiesOf(free)]
    return pushed.re.map((layer, l) => layer.map((value, i) => (value - rest.re[l][i]) / beta))
  }
  const out = free.re.map((layer) => new Float64Array(layer.length))
  for (let j = 0; j <= points / 2; j++) {
    const isReal = j === 0 || 2 * j === points
    const [cosine, sine] = isReal ? [j === 0 ? 1 : -1, 0] : [Math.cos((2 * Math.PI * j) / points), Math.sin((2 * Math.PI * j) / points)]
    const a = at(beta * cosine, beta * sine)
    const weight = (isReal ? 1 : 2) / (points * beta)
    for (const [l, layer] of out.entries())
      for (let i = 0; i < layer.length; i++) layer[i] += weight * (a.re[l][i] * cosine + (a.im ? a.im[l][i] * sine : 0))
  }
  return out
}

/** The errors that differentiation would find: δ = s'(u) (dLoss/da + what δ of the neighbours asks). */
export function trueErrors(network: RelaxingNetwork, { target }: Batch, free: Layered): Float64Array[] {
  const parts = relaxingParts(network)
  const { re: a } = activitiesOf(free)
  const last = a.length - 1
  const missed = readOut(parts, a[last], null).re.map((value, i) => value - target[i])
  const slopes = a.map(slopeOfActivity)
  let delta = a.map((layer) => new Float64Array(layer.length))
  for (let step = 0, moved = 1; step < 2000 && moved > 1e-15; step++) {
    const asked = a.map((layer, l) => {
      const out = new Float64Array(layer.length)
      if (l === last) addProductTransposed(out, missed, parts.readout)
      else addProductTransposed(out, delta[l + 1], parts.forward[l + 1])
      if (l > 0) addProductTransposed(out, delta[l - 1], parts.feedback[l - 1])
      return out.map((value, i) => value * slopes[l][i])
    })
    moved = 0
    delta = asked.map((layer, l) =>
      layer.map((value, i) => {
        moved = Math.max(moved, Math.abs(value - delta[l][i]))
        return 0.5 * (value + delta[l][i])
      }),
    )
  }
  return delta
}

/** What errors ask of the weights, as a mean over the batch: in the order of the network's weights, to go down along. */
export function weightSlopes(network: RelaxingNetwork, { x, target }: Batch, free: Layered, errors: readonly Float64Array[]): Float64Array {
  const slopes = new Float64Array(network.weights.length)
  const out = relaxingParts({ ...network, weights: slopes })
  const { re: a } = activitiesOf(free)
  const last = a.length - 1
  const share = network.shape.inputs / x.length
  const addBias = (bias: Float64Array, e: Float64Array) => {
    for (let i = 0; i < e.length; i++) bias[i % bias.length] += share * e[i]
  }
  for (const [l, e] of errors.entries()) {
    addOuter(out.forward[l], l === 0 ? x : a[l - 1], e, share)
    addBias(out.bias[l], e)
    if (l < last) addOuter(out.feedback[l], a[l + 1], e, share)
  }
  const missed = readOut(relaxingParts(network), a[last], null).re.map((value, i) => value - target[i])
  addOuter(out.readout, a[last], missed, share)
  addBias(out.readoutBias, missed)
  return slopes
}

/**
 * How far the network is from answering both ways alike, ½ |J - Jᵀ|² over its units, J being the Jacobian between activities: here the
 * squared distance of every weight from its partner the other way. With its slope.
 */
export function homeostasis(network: RelaxingNetwork): { readonly value: number; readonly gradient: Float64Array } {
  const gradient = new Float64Array(network.weights.length)
  const [weights, slopes] = [relaxingParts(network), relaxingParts({ ...network, weights: gradient })]
  const units = network.shape.layers.reduce((sum, width) => sum + width, 0)
  let value = 0
  for (const [l, back] of weights.feedback.entries()) {
    const there = weights.forward[l + 1]
    for (let i = 0; i < there.rows; i++)
      for (let j = 0; j < there.columns; j++) {
        const [at, other] = [i * there.columns + j, j * there.rows + i]
        const gap = there.data[at] - back.data[other]
        value += (gap * gap) / units
        slopes.forward[l + 1].data[at] = (2 * gap) / units
        slopes.feedback[l].data[other] = (-2 * gap) / units
      }
  }
  return { value, gradient }
}
