import type { Planes } from './convolution.ts'
import type { Floats } from './picture.ts'

export type ResizeFilter = 'box' | 'bilinear' | 'bicubic'

const filters: Readonly<Record<ResizeFilter, { readonly support: number; readonly weight: (t: number) => number }>> = {
  box: { support: 0.5, weight: (t) => (t >= -0.5 && t < 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (t) => Math.max(0, 1 - Math.abs(t)) },
  /** Keys's cubic with a = -0.5. */
  bicubic: {
    support: 2,
    weight: (signed) => {
      const t = Math.abs(signed)
      if (t < 1) return (1.5 * t - 2.5) * t * t + 1
      return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0
    },
  },
}

/** For each output place, where its weights start in the input and what they are; they sum to 1. */
export interface SparseRows {
  readonly length: number
  readonly starts: Int32Array
  readonly weights: readonly Float64Array[]
}

/** The matrix that resizes one axis with anti-aliasing: the filter is widened by the factor of shrinking. */
export function resizeRows(length: number, outLength: number, filter: ResizeFilter): SparseRows {
  const { support, weight } = filters[filter]
  const step = length / outLength
  const widen = Math.max(step, 1)
  const reach = support * widen
  const starts = new Int32Array(outLength)
  const weights = Array.from({ length: outLength }, (_, i) => {
    const centre = (i + 0.5) * step
    const first = Math.max(0, Math.floor(centre - reach + 0.5))
    const last = Math.min(length, Math.floor(centre + reach + 0.5)) - 1
    starts[i] = first
    const row = Float64Array.from({ length: last - first + 1 }, (_, k) => weight((first + k - centre + 0.5) / widen))
    const sum = row.reduce((total, value) => total + value, 0)
    // Enlarged by a box, a centre on the border of two pixels can miss both: it takes the one that follows.
    return sum === 0 ? row.fill(1 / row.length) : row.map((value) => value / sum)
  })
  return { length, starts, weights }
}

/** Applies sparse rows along columns of pixels (from `rows` to `rows.weights.length` rows), or their transpose back. */
function vertical(x: Floats, planes: Planes, matrix: SparseRows, transposed: boolean): Float64Array {
  const { channels, rows, columns } = planes
  const count = matrix.weights.length
  const outRows = transposed ? matrix.length : count
  const out = new Float64Array(channels * outRows * columns)
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < count; i++)
      for (const [k, weight] of matrix.weights[i].entries()) {
        const long = matrix.starts[i] + k
        const from = (c * rows + (transposed ? i : long)) * columns
        const to = (c * outRows + (transposed ? long : i)) * columns
        for (let j = 0; j < columns; j++) out[to + j] += weight * x[from + j]
      }
  return out
}

/** Applies sparse rows along rows of pixels, or their transpose. */
function horizontal(x: Floats, planes: Planes, matrix: SparseRows, transposed: boolean): Float64Array {
  const { channels, rows, columns } = planes
  const count = matrix.weights.length
  const outColumns = transposed ? matrix.length : count
  const out = new Float64Array(channels * rows * outColumns)
  for (let line = 0; line < channels * rows; line++) {
    const from = line * columns
    const to = line * outColumns
    for (let i = 0; i < count; i++) {
      const weights = matrix.weights[i]
      const start = matrix.starts[i]
      if (transposed) for (let k = 0; k < weights.length; k++) out[to + start + k] += weights[k] * x[from + i]
      else {
        let sum = 0
        for (let k = 0; k < weights.length; k++) sum += weights[k] * x[from + start + k]
        out[to + i] = sum
      }
    }
  }
  return out
}

/** Resizes planes: `down` acts along columns of pixels, `across` along rows. */
export function resize(x: Floats, planes: Planes, down: SparseRows, across: SparseRows): Float64Array {
  const tall = vertical(x, planes, down, false)
  return horizontal(tall, { ...planes, rows: down.weights.length }, across, false)
}

/** The transpose of `resize`; `planes` describe the resized picture. */
export function resizeAdjoint(y: Floats, planes: Planes, down: SparseRows, across: SparseRows): Float64Array {
  const wide = horizontal(y, planes, across, true)
  return vertical(wide, { ...planes, columns: across.length }, down, true)
}
