import { diceOf } from '../../../math/dice.ts'
import { odeSteps } from '../../../math/field-steps.ts'
import type { Tick } from '../../../math/integrate.ts'
import { advance, type Noise, normalsInto } from '../../../math/random.ts'
import { type Field, flowLoss, type Pairs } from './rectified-flow-training.ts'
import type { Passed } from './straightness.ts'

/** Weights and biases of the layers in turn; weights are [out, in], row-major. */
export type NetworkParameters = readonly Float64Array[]

/** A small dense network in few dimensions: the point and its time in, a velocity out. SiLU between the layers. */
export interface FlowNetwork extends Field<NetworkParameters> {
  readonly dimension: number
  /** Fresh parameters: weights of deviation 1 / sqrt(in), the last layer at 0, so that it begins by staying still. */
  init(noise: Noise): NetworkParameters
}

const silu = (x: number) => x / (1 + Math.exp(-x))
const siluSlope = (x: number) => {
  const s = 1 / (1 + Math.exp(-x))
  return s * (1 + x * (1 - s))
}

/** The network for points of that dimension, with hidden layers of those widths. */
export function flowNetwork(dimension: number, hidden: readonly number[]): FlowNetwork {
  const widths = [dimension + 1, ...hidden, dimension]
  const layers = widths.length - 1

  /** Inputs of each layer, and before their bends those of all but the first. */
  function run(parameters: NetworkParameters, x: Float64Array, times: Float64Array) {
    const count = times.length
    const first = new Float64Array(count * (dimension + 1))
    for (let k = 0; k < count; k++) {
      first.set(x.subarray(k * dimension, (k + 1) * dimension), k * (dimension + 1))
      first[k * (dimension + 1) + dimension] = times[k]
    }
    const inputs = [first]
    const sums: Float64Array[] = []
    for (let layer = 0; layer < layers; layer++) {
      const [w, b, from] = [parameters[2 * layer], parameters[2 * layer + 1], inputs[layer]]
      const [fan, out] = [widths[layer], widths[layer + 1]]
      const sum = new Float64Array(count * out)
      for (let k = 0; k < count; k++)
        for (let i = 0; i < out; i++) {
          let value = b[i]
          for (let j = 0; j < fan; j++) value += w[i * fan + j] * from[k * fan + j]
          sum[k * out + i] = value
        }
      sums.push(sum)
      if (layer < layers - 1) inputs.push(sum.map(silu))
    }
    return { inputs, sums }
  }

  return {
    dimension,
    init: (noise) => {
      let at = noise
      return Array.from({ length: 2 * layers }, (_, place) => {
        const layer = place >> 1
        if (place % 2 === 1) return new Float64Array(widths[layer + 1])
        const w = new Float64Array(widths[layer] * widths[layer + 1])
        if (layer === layers - 1) return w
        normalsInto(w, at)
        at = advance(at, w.length + (w.length % 2))
        return w.map((value) => value / Math.sqrt(widths[layer]))
      })
    },
    forward: (parameters, x, times) => run(parameters, x, times).sums[layers - 1],
    backward: (parameters, x, times, slope) => {
      const { inputs, sums } = run(parameters, x, times)
      const gradient = parameters.map((values) => new Float64Array(values.length))
      let back = slope
      for (let layer = layers - 1; layer >= 0; layer--) {
        const [w, from] = [parameters[2 * layer], inputs[layer]]
        const [fan, out] = [widths[layer], widths[layer + 1]]
        const below = new Float64Array(times.length * fan)
        for (let k = 0; k < times.length; k++)
          for (let i = 0; i < out; i++) {
            const g = back[k * out + i]
            if (g === 0) continue
            gradient[2 * layer + 1][i] += g
            for (let j = 0; j < fan; j++) {
              gradient[2 * layer][i * fan + j] += g * from[k * fan + j]
              below[k * fan + j] += g * w[i * fan + j]
            }
          }
        if (layer > 0) back = below.map((g, at) => g * siluSlope(sums[layer - 1][at]))
      }
      return gradient
    },
  }
}

/** How long to learn. */
export interface Lesson {
  readonly iterations: number
  readonly batch: number
  readonly rate: number
}

const AVERAGING = 0.999
const TOLD_EVERY = 50

/**
 * Learns a flow from pairs by Adam, its rate falling along a cosine to 0. Yields the loss now and then.
 * @param draw so many pairs and times. @returns the running average of the parameters.
 * @throws the signal's reason once it is aborted.
 */
export async function* learnFlow(
  network: FlowNetwork,
  start: NetworkParameters,
  draw: (count: number) => Pairs,
  { iterations, batch, rate }: Lesson,
  signal: AbortSignal,
): AsyncGenerator<Tick<number>, NetworkParameters, void> {
  const parameters = start.map((values) => values.slice())
  const average = start.map((values) => values.slice())
  const first = start.map((values) => new Float64Array(values.length))
  const second = start.map((values) => new Float64Array(values.length))
  for (let step = 1; step <= iterations; step++) {
    signal.throwIfAborted()
    const { loss, gradient } = flowLoss<NetworkParameters>(network, parameters, draw(batch))
    const now = (rate * (1 + Math.cos((Math.PI * step) / iterations))) / 2
    // A young average follows quickly, so that the start is soon forgotten.
    const keep = Math.min(AVERAGING, step / (step + 10))
    for (const [k, values] of parameters.entries())
      for (let i = 0; i < values.length; i++) {
        const g = gradient[k][i]
        first[k][i] += 0.1 * (g - first[k][i])
        second[k][i] += 0.001 * (g * g - second[k][i])
        const scale = Math.sqrt(second[k][i] / (1 - 0.999 ** step)) + 1e-8
        values[i] -= (now * first[k][i]) / ((1 - 0.9 ** step) * scale)
        average[k][i] = keep * average[k][i] + (1 - keep) * values[i]
      }
    if (step % TOLD_EVERY === 0) yield { step, steps: iterations, state: loss }
  }
  return average
}

/** The way of points through the flow in so many steps of fourth order, both ends included: reflow learns from the ends. */
export function flowWay(network: FlowNetwork, parameters: NetworkParameters, starts: Float64Array, steps: number): readonly Passed[] {
  const field = (x: Float64Array, t: number) => network.forward(parameters, x, new Float64Array(x.length / network.dimension).fill(t))
  const way: Passed[] = []
  let x = starts
  for (let i = 0; i <= steps; i++) {
    const t = i / steps
    way.push({ t, x, velocity: field(x, t) })
    if (i < steps) x = odeSteps.rk4(field, x, t, 1 / steps)
  }
  return way
}

/** Where points arrive in a single evaluation: all that a straight flow needs. */
export function flowInOneStep(network: FlowNetwork, parameters: NetworkParameters, starts: Float64Array): Float64Array {
  return odeSteps.euler((x, t) => network.forward(parameters, x, new Float64Array(x.length / network.dimension).fill(t)), starts, 0, 1)
}

/** Draws batches of pairs, with even times, from two lists of points: `paired` keeps the lists' order, otherwise each is drawn by itself. */
export function pairsFrom(
  starts: Float64Array,
  ends: Float64Array,
  dimension: number,
  paired: boolean,
  noise: Noise,
): (count: number) => Pairs {
  const dice = diceOf(noise)
  return (count) => {
    const [from, to] = [new Float64Array(count * dimension), new Float64Array(count * dimension)]
    for (let k = 0; k < count; k++) {
      const i = dice.below(starts.length / dimension)
      const j = paired ? i : dice.below(ends.length / dimension)
      from.set(starts.subarray(i * dimension, (i + 1) * dimension), k * dimension)
      to.set(ends.subarray(j * dimension, (j + 1) * dimension), k * dimension)
    }
    return { dimension, starts: from, ends: to, times: Float64Array.from({ length: count }, dice.uniform) }
  }
}
