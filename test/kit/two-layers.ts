import { correlated } from '../../main/math/direction-network.ts'

export type Kernel = readonly (readonly (readonly (readonly number[])[])[])[]

const LEAK = 0.2
const flat = (kernel: Kernel) => Float64Array.from(kernel.flat(3))

/** What a kernel's outputs mean for its inputs: the same kernel, in and out exchanged, turned about. */
function turnedAbout(kernel: Kernel): Float64Array {
  const [outputs, inputs] = [kernel.length, kernel[0].length]
  return Float64Array.from({ length: outputs * inputs * 9 }, (_, i) => {
    const [c, o, tap] = [Math.floor(i / (outputs * 9)), Math.floor(i / 9) % outputs, i % 9]
    return kernel[o][c][2 - Math.floor(tap / 3)][2 - (tap % 3)]
  })
}

/** The smallest network of directions: two layers, a quarter of the residual, a mask; with its slopes by hand. */
export function twoLayers(first: Kernel, second: Kernel, mask: Float64Array, width: number) {
  const height = mask.length / width
  const hidden = first.length
  const field = (data: Float64Array, channels: number) => ({ channels, width, height, data })
  const inside = (data: Float64Array) => data.map((value, i) => value * mask[i])
  /** Σ slope(p) x(p + tap), a tap: the slope of a kernel. */
  const kernelSlope = (slope: Float64Array, outputs: number, x: Float64Array, inputs: number) => {
    const out = new Float64Array(outputs * inputs * 9)
    for (let o = 0; o < outputs; o++)
      for (let c = 0; c < inputs; c++)
        for (let tap = 0; tap < 9; tap++) {
          const one = new Float64Array(9)
          one[tap] = 1
          const moved = correlated(field(x.slice(c * mask.length, (c + 1) * mask.length), 1), one, 1).data
          for (let i = 0; i < mask.length; i++) out[(o * inputs + c) * 9 + tap] += slope[o * mask.length + i] * moved[i]
        }
    return out
  }
  const before = (r: Float64Array) => correlated(field(r, 1), flat(first), hidden).data
  const leaky = (values: Float64Array) => values.map((value) => Math.max(value, LEAK * value))
  return {
    direction: (r: Float64Array): Float64Array => {
      const out = correlated(field(leaky(before(r)), hidden), flat(second), 1).data
      return inside(out.map((value, i) => value + 0.25 * r[i]))
    },
    /** Slopes of both kernels, given the slope of the direction. */
    slopes: (r: Float64Array, slope: Float64Array) => {
      const raw = before(r)
      const out = inside(slope)
      const mid = correlated(field(out, 1), turnedAbout(second), hidden).data.map((value, i) => (raw[i] > 0 ? value : LEAK * value))
      return { first: kernelSlope(mid, hidden, r, 1), second: kernelSlope(out, 1, leaky(raw), hidden) }
    },
  }
}
