import { noiseOf, normalsInto } from './random.ts'

/**
 * y = x + N(x) with N dense layers and GELU (tanh form) between them. `weights` holds all matrices, [in, out] each, then all biases.
 */
export interface ResidualNetwork {
  /** Widths from first to last, which are equal. */
  readonly sizes: readonly number[]
  readonly weights: Float64Array
}

const SLOPE = Math.sqrt(2 / Math.PI)
const CUBIC = 0.044715

const gelu = (x: number) => 0.5 * x * (1 + Math.tanh(SLOPE * (x + CUBIC * x ** 3)))
function geluSlope(x: number): number {
  const t = Math.tanh(SLOPE * (x + CUBIC * x ** 3))
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * SLOPE * (1 + 3 * CUBIC * x * x)
}

interface Layer {
  readonly inputs: number
  readonly outputs: number
  /** Where its matrix and its biases begin. */
  readonly matrix: number
  readonly bias: number
}

function layersOf(sizes: readonly number[]): Layer[] {
  const matrices = sizes.slice(1).map((outputs, l) => sizes[l] * outputs)
  let [matrix, bias] = [0, matrices.reduce((sum, size) => sum + size, 0)]
  return matrices.map((size, l) => {
    const layer = { inputs: sizes[l], outputs: sizes[l + 1], matrix, bias }
    matrix += size
    bias += layer.outputs
    return layer
  })
}

/** Numbers in the one array that holds all matrices and biases. */
export const weightCount = (sizes: readonly number[]): number =>
  layersOf(sizes).reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0)

/** One that hardly moves anything: standard deviation 1 / √inputs, the last layer a tenth of it, no biases. */
export function youngNetwork(sizes: readonly number[], seed: number): ResidualNetwork {
  const weights = new Float64Array(weightCount(sizes))
  const layers = layersOf(sizes)
  normalsInto(weights, noiseOf(seed), 0, layers[0].bias)
  for (const [l, { inputs, outputs, matrix }] of layers.entries()) {
    const scale = (l === layers.length - 1 ? 0.1 : 1) / Math.sqrt(inputs)
    for (let i = matrix; i < matrix + inputs * outputs; i++) weights[i] *= scale
  }
  return { sizes, weights }
}

/** What each layer was given, and what it made before GELU. */
interface Trace {
  readonly inputs: readonly Float64Array[]
  readonly sums: readonly Float64Array[]
}

function traceOf({ sizes, weights }: ResidualNetwork, x: Float64Array): Trace {
  const count = x.length / sizes[0]
  const layers = layersOf(sizes)
  const [inputs, sums]: [Float64Array[], Float64Array[]] = [[x], []]
  for (const [l, { inputs: width, outputs, matrix, bias }] of layers.entries()) {
    const given = inputs[l]
    const sum = new Float64Array(count * outputs)
    for (let n = 0; n < count; n++) {
      const row = n * outputs
      for (let j = 0; j < outputs; j++) sum[row + j] = weights[bias + j]
      for (let i = 0; i < width; i++) {
        const value = given[n * width + i]
        const from = matrix + i * outputs
        for (let j = 0; j < outputs; j++) sum[row + j] += value * weights[from + j]
      }
    }
    sums.push(sum)
    if (l < layers.length - 1) inputs.push(sum.map(gelu))
  }
  return { inputs, sums }
}

/** What points, one after another, are moved to. */
export function moved(network: ResidualNetwork, x: Float64Array): Float64Array {
  const { sums } = traceOf(network, x)
  return sums[sums.length - 1].map((value, i) => value + x[i])
}

/** The slope in the weights of whatever has the slope `pull` in what the points are moved to. */
export function weightSlope(network: ResidualNetwork, x: Float64Array, pull: Float64Array): Float64Array {
  const { sizes, weights } = network
  const { inputs, sums } = traceOf(network, x)
  const count = x.length / sizes[0]
  const gradient = new Float64Array(weights.length)
  let above = pull
  const layers = layersOf(sizes)
  for (let l = layers.length - 1; l >= 0; l--) {
    const { inputs: width, outputs, matrix, bias } = layers[l]
    const below = new Float64Array(count * width)
    for (let n = 0; n < count; n++) {
      const row = n * outputs
      for (let j = 0; j < outputs; j++) gradient[bias + j] += above[row + j]
      for (let i = 0; i < width; i++) {
        const value = inputs[l][n * width + i]
        const from = matrix + i * outputs
        let sum = 0
        for (let j = 0; j < outputs; j++) {
          gradient[from + j] += value * above[row + j]
          sum += weights[from + j] * above[row + j]
        }
        below[n * width + i] = sum
      }
    }
    if (l > 0) for (let i = 0; i < below.length; i++) below[i] *= geluSlope(sums[l - 1][i])
    above = below
  }
  return gradient
}
