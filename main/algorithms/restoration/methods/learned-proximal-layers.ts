import { applyMatrix, type Matrix, transpose } from '../../../math/matrix.ts'
import type { LinearMap } from './learned-proximal-network.ts'

/** A matrix as a map. */
export function denseMap(a: Matrix): LinearMap {
  const back = transpose(a)
  return { apply: (x) => applyMatrix(a, x), adjoint: (y) => applyMatrix(back, y) }
}

export interface Planes {
  readonly channels: number
  readonly rows: number
  readonly columns: number
}

/** Planes after a convolution of three by three with one pixel of zeros around. */
export const convolved = ({ rows, columns }: Planes, channels: number, stride: number): Planes => ({
  channels,
  rows: Math.floor((rows - 1) / stride) + 1,
  columns: Math.floor((columns - 1) / stride) + 1,
})

/** A convolution of three by three, zeros around. @param kernel [out][in][3][3]. */
export function convolution(kernel: Float64Array, from: Planes, channels: number, stride: number): LinearMap {
  const to = convolved(from, channels, stride)
  if (kernel.length !== channels * from.channels * 9)
    throw new RangeError(`A kernel of ${kernel.length} values does not lead from ${from.channels} to ${channels} channels.`)
  /** Every product of the sum: weight, place in the input, place in the output. */
  const each = (visit: (weight: number, input: number, output: number) => void) => {
    for (let out = 0; out < channels; out++)
      for (let row = 0; row < to.rows; row++)
        for (let column = 0; column < to.columns; column++)
          for (let channel = 0; channel < from.channels; channel++)
            for (let tap = 0; tap < 9; tap++) {
              const r = row * stride + Math.floor(tap / 3) - 1
              const c = column * stride + (tap % 3) - 1
              if (r < 0 || c < 0 || r >= from.rows || c >= from.columns) continue
              visit(
                kernel[(out * from.channels + channel) * 9 + tap],
                (channel * from.rows + r) * from.columns + c,
                (out * to.rows + row) * to.columns + column,
              )
            }
  }
  return {
    apply: (x) => {
      const y = new Float64Array(channels * to.rows * to.columns)
      each((weight, input, output) => {
        y[output] += weight * x[input]
      })
      return y
    },
    adjoint: (y) => {
      const x = new Float64Array(from.channels * from.rows * from.columns)
      each((weight, input, output) => {
        x[input] += weight * y[output]
      })
      return x
    },
  }
}

/** Means of two by two; a last odd row or column is left out. */
export function halving(from: Planes): LinearMap & { readonly to: Planes } {
  const to = { channels: from.channels, rows: Math.floor(from.rows / 2), columns: Math.floor(from.columns / 2) }
  const each = (visit: (input: number, output: number) => void) => {
    for (let channel = 0; channel < to.channels; channel++)
      for (let row = 0; row < 2 * to.rows; row++)
        for (let column = 0; column < 2 * to.columns; column++)
          visit((channel * from.rows + row) * from.columns + column, (channel * to.rows + (row >> 1)) * to.columns + (column >> 1))
  }
  return {
    to,
    apply: (x) => {
      const y = new Float64Array(to.channels * to.rows * to.columns)
      each((input, output) => {
        y[output] += x[input] / 4
      })
      return y
    },
    adjoint: (y) => {
      const x = new Float64Array(from.channels * from.rows * from.columns)
      each((input, output) => {
        x[input] = y[output] / 4
      })
      return x
    },
  }
}

/** First one map, then the other. */
export const after = (outer: LinearMap, inner: LinearMap): LinearMap => ({
  apply: (x) => outer.apply(inner.apply(x)),
  adjoint: (y) => inner.adjoint(outer.adjoint(y)),
})
