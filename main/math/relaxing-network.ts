import { type Matrix, matrix } from './matrix.ts'

/** Widths: of the input, of each layer, and how many classes are read out of the last. */
export interface RelaxingShape {
  readonly inputs: number
  readonly layers: readonly number[]
  readonly classes: number
}

/** The weights by name, as views of one array: layer i is fed by `forward[i]` from below and by `feedback[i]` from above. */
export interface RelaxingParts {
  readonly forward: readonly Matrix[]
  readonly bias: readonly Float64Array[]
  readonly feedback: readonly Matrix[]
  readonly readout: Matrix
  readonly readoutBias: Float64Array
}

export interface RelaxingNetwork {
  readonly shape: RelaxingShape
  readonly weights: Float64Array
}

/** Activities or states of a batch, [example, unit] for each layer; without an imaginary part where all is real. */
export interface Layered {
  readonly re: readonly Float64Array[]
  readonly im: readonly Float64Array[] | null
}

const sizesOf = ({ inputs, layers, classes }: RelaxingShape): readonly (readonly [rows: number, columns: number])[] => [
  ...layers.map((width, i) => [i === 0 ? inputs : layers[i - 1], width] as const),
  ...layers.map((width) => [1, width] as const),
  ...layers.slice(1).map((width, i) => [width, layers[i]] as const),
  [layers[layers.length - 1], classes],
  [1, classes],
]

/** Numbers in the one array that holds all weights of such a network. */
export const weightCount = (shape: RelaxingShape): number => sizesOf(shape).reduce((sum, [rows, columns]) => sum + rows * columns, 0)

/** The parts that an array of weights, or of slopes, is made of. @throws RangeError where it is not as long as the shape asks. */
export function relaxingParts({ shape, weights }: RelaxingNetwork): RelaxingParts {
  if (weights.length !== weightCount(shape)) throw new RangeError(`${weights.length} weights instead of ${weightCount(shape)}.`)
  let at = 0
  const views = sizesOf(shape).map(([rows, columns]) => matrix(rows, columns, weights.subarray(at, (at += rows * columns))))
  const depth = shape.layers.length
  return {
    forward: views.slice(0, depth),
    bias: views.slice(depth, 2 * depth).map(({ data }) => data),
    feedback: views.slice(2 * depth, 3 * depth - 1),
    readout: views[3 * depth - 1],
    readoutBias: views[3 * depth].data,
  }
}

/** out += factor · a w, row by row of a batch. */
export function addProduct(out: Float64Array, a: Float64Array, w: Matrix, factor = 1): void {
  const { rows, columns, data } = w
  for (let i = 0, batch = a.length / rows; i < batch; i++)
    for (let k = 0; k < rows; k++) {
      const value = factor * a[i * rows + k]
      for (let j = 0; j < columns; j++) out[i * columns + j] += value * data[k * columns + j]
    }
}

/** out += factor · a wᵀ */
export function addProductTransposed(out: Float64Array, a: Float64Array, w: Matrix, factor = 1): void {
  const { rows, columns, data } = w
  for (let i = 0, batch = a.length / columns; i < batch; i++)
    for (let k = 0; k < rows; k++) {
      let sum = 0
      for (let j = 0; j < columns; j++) sum += a[i * columns + j] * data[k * columns + j]
      out[i * rows + k] += factor * sum
    }
}

/** target += factor · aᵀ e: what a batch asks of the weights between a and e. */
export function addOuter(target: Matrix, a: Float64Array, e: Float64Array, factor: number): void {
  const { rows, columns, data } = target
  for (let i = 0, batch = a.length / rows; i < batch; i++)
    for (let k = 0; k < rows; k++) {
      const value = factor * a[i * rows + k]
      for (let j = 0; j < columns; j++) data[k * columns + j] += value * e[i * columns + j]
    }
}

/** s(z) = 1 / (1 + exp(2 - 4 z)) */
const active = (z: Float64Array): Float64Array => z.map((value) => 1 / (1 + Math.exp(2 - 4 * value)))

/** s(u), also of complex states. */
export function activitiesOf({ re, im }: Layered): Layered {
  if (!im) return { re: re.map(active), im }
  const out = { re: re.map((layer) => layer.slice()), im: im.map((layer) => layer.slice()) }
  for (const [l, layer] of re.entries())
    for (let i = 0; i < layer.length; i++) {
      const size = Math.exp(2 - 4 * layer[i])
      const [a, b] = [1 + size * Math.cos(4 * im[l][i]), -size * Math.sin(4 * im[l][i])]
      const square = a * a + b * b
      out.re[l][i] = a / square
      out.im[l][i] = -b / square
    }
  return out
}

/** s'(u) = 4 s (1 - s), from real activities. */
export const slopeOfActivity = (a: Float64Array): Float64Array => a.map((value) => 4 * value * (1 - value))

/** Probabilities of the classes from the last layer's activity, also complex. */
export function readOut({ readout, readoutBias }: RelaxingParts, re: Float64Array, im: Float64Array | null) {
  const classes = readoutBias.length
  const batch = re.length / readout.rows
  const pr = Float64Array.from({ length: batch * classes }, (_, i) => readoutBias[i % classes])
  addProduct(pr, re, readout)
  const pi = im ? new Float64Array(batch * classes) : null
  if (im && pi) addProduct(pi, im, readout)
  for (let i = 0; i < batch; i++) {
    const most = pr.subarray(i * classes, (i + 1) * classes).reduce((a, b) => Math.max(a, b))
    let [sr, si] = [0, 0]
    for (let j = i * classes; j < (i + 1) * classes; j++) {
      const size = Math.exp(pr[j] - most)
      const turn = pi ? pi[j] : 0
      pr[j] = size * Math.cos(turn)
      if (pi) pi[j] = size * Math.sin(turn)
      sr += pr[j]
      si += pi ? pi[j] : 0
    }
    const square = sr * sr + si * si
    for (let j = i * classes; j < (i + 1) * classes; j++) {
      const [a, b] = [pr[j], pi ? pi[j] : 0]
      pr[j] = (a * sr + b * si) / square
      if (pi) pi[j] = (b * sr - a * si) / square
    }
  }
  return { re: pr, im: pi }
}

/** A strength of the push towards the target, a complex number; and the target, [example, class]. */
export interface Nudge {
  readonly re: number
  readonly im: number
  readonly target: Float64Array
}

/** F(a): what every layer is told by its neighbours, the last also by the nudge. `below` is what the input tells the first. */
function told(parts: RelaxingParts, below: Float64Array, { re, im }: Layered, nudge: Nudge | null): Layered {
  const { forward, bias, feedback, readout } = parts
  const last = forward.length - 1
  const tellOf = (a: readonly Float64Array[], isReal: boolean) =>
    a.map((layer, i) => {
      const width = bias[i].length
      const out = isReal
        ? i === 0
          ? below.slice()
          : Float64Array.from(layer, (_, j) => bias[i][j % width])
        : new Float64Array(layer.length)
      if (i > 0) addProduct(out, a[i - 1], forward[i])
      if (i < last) addProduct(out, a[i + 1], feedback[i])
      return out
    })
  const out = { re: tellOf(re, true), im: im ? tellOf(im, false) : null }
  if (!nudge) return out
  const p = readOut(parts, re[last], im ? im[last] : null)
  const missed = p.re.map((value, i) => value - nudge.target[i])
  addProductTransposed(out.re[last], missed, readout, nudge.re)
  if (out.im && p.im) {
    addProductTransposed(out.re[last], p.im, readout, -nudge.im)
    addProductTransposed(out.im[last], missed, readout, nudge.im)
    addProductTransposed(out.im[last], p.im, readout, nudge.re)
  }
  return out
}

/** Where a relaxation begins, and how it goes: u ← (1 - damping) u + damping F. */
export interface Relaxation {
  readonly start: Layered | null
  readonly nudge: Nudge | null
  readonly damping: number
  readonly steps: number
  /** Ends earlier where no state moves by more than this. */
  readonly stillness?: number
}

/** Lets the network come to rest over a batch of inputs. `residual` is the greatest |F(u) - u| at the end. */
export function relax(
  network: RelaxingNetwork,
  x: Float64Array,
  { start, nudge, damping, steps, stillness = 0 }: Relaxation,
): { readonly u: Layered; readonly residual: number } {
  const parts = relaxingParts(network)
  const { inputs, layers } = network.shape
  const batch = x.length / inputs
  const below = Float64Array.from({ length: batch * layers[0] }, (_, i) => parts.bias[0][i % layers[0]])
  addProduct(below, x, parts.forward[0])
  const zeros = () => layers.map((width) => new Float64Array(batch * width))
  const isComplex = nudge !== null && nudge.im !== 0
  const u = {
    re: start ? start.re.map((layer) => layer.slice()) : zeros(),
    im: isComplex ? (start?.im ? start.im.map((layer) => layer.slice()) : zeros()) : null,
  }
  let residual = Number.POSITIVE_INFINITY
  for (let step = 0; step < steps && residual > stillness; step++) {
    const next = told(parts, below, activitiesOf(u), nudge)
    residual = 0
    for (const l of layers.keys())
      for (let i = 0; i < u.re[l].length; i++) {
        const move = next.re[l][i] - u.re[l][i]
        u.re[l][i] += damping * move
        residual = Math.max(residual, Math.abs(move))
        if (u.im && next.im) {
          const turn = next.im[l][i] - u.im[l][i]
          u.im[l][i] += damping * turn
          residual = Math.max(residual, Math.abs(turn))
        }
      }
  }
  return { u, residual }
}
