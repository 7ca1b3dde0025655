import { after, convolution, convolved, halving, type Planes } from './learned-proximal-layers.ts'
import { type ConvexNetwork, expectProximal, type Layer, type LinearMap } from './learned-proximal-network.ts'

/** Weights of a convolutional network: kernels are [out][in][3][3]. */
export interface Weights {
  /** From the picture, one a layer, with the biases. */
  readonly fromInput: readonly { readonly kernel: Float64Array; readonly bias: Float64Array }[]
  /** From the layer before, from the second layer on. */
  readonly fromBefore: readonly Float64Array[]
  readonly strides: readonly number[]
  /** One weight a channel of the last layer. */
  readonly out: Float64Array
  readonly beta: number
  readonly alpha: number
}

/** The network for pictures of one size. Where a layer before it took every other pixel, a layer sees the picture halved as often. */
export function convolutional(weights: Weights, picture: Planes): ConvexNetwork {
  const { fromInput, fromBefore, strides, out, beta, alpha } = weights
  for (const [k, kernel] of fromBefore.entries()) expectProximal(`layer ${k + 1}`, kernel)
  expectProximal('the last layer', out)
  let seen: { readonly map: LinearMap | null; readonly planes: Planes } = { map: null, planes: picture }
  let before: Planes | null = null
  const layers: Layer[] = []
  for (const [k, { kernel, bias }] of fromInput.entries()) {
    const stride = strides[k]
    if (stride !== 1 && stride !== 2) throw new RangeError(`Layer ${k} goes by ${stride} pixels; 1 and 2 are known.`)
    const channels = bias.length
    const to = convolved(seen.planes, channels, stride)
    const own = convolution(kernel, seen.planes, channels, stride)
    layers.push({
      fromInput: seen.map ? after(own, seen.map) : own,
      fromBefore: before && convolution(fromBefore[k - 1], before, channels, stride),
      bias: Float64Array.from({ length: channels * to.rows * to.columns }, (_, i) => bias[Math.floor(i / (to.rows * to.columns))]),
    })
    if (stride === 2) {
      const half = halving(seen.planes)
      seen = { map: seen.map ? after(half, seen.map) : half, planes: half.to }
    }
    before = to
  }
  if (!before) throw new RangeError('A network needs one layer at least.')
  const size = before.rows * before.columns
  const last = Float64Array.from({ length: before.channels * size }, (_, i) => out[Math.floor(i / size)])
  return { beta, alpha, layers, out: last, straight: null, shift: 0 }
}
