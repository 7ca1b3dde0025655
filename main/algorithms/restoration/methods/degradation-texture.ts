import { transformPlanes } from '../../../math/fft.ts'
import { quantileOf, sortedOf } from '../../../math/quantile.ts'

/** Brightness in 0..255, [row, column]. */
export interface Luma {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

const WINDOW = 64
const RINGS = 16

const hann = Float64Array.from({ length: WINDOW }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (WINDOW - 1)))
const taper = Float64Array.from({ length: WINDOW * WINDOW }, (_, i) => hann[Math.floor(i / WINDOW)] * hann[i % WINDOW])
const power = taper.reduce((sum, value) => sum + value * value, 0)

/** Which ring of equal width in 0.03..0.5 cycles a pixel each frequency lies in; -1 outside. */
const ringOf = Int32Array.from({ length: WINDOW * WINDOW }, (_, i) => {
  const frequency = (k: number) => (k < WINDOW / 2 ? k : k - WINDOW) / WINDOW
  const radius = Math.hypot(frequency(Math.floor(i / WINDOW)), frequency(i % WINDOW))
  const edge = (k: number) => 0.03 + (k * (0.5 - 0.03)) / RINGS
  for (let k = 0; k < RINGS; k++) if (radius >= edge(k) && radius < edge(k + 1)) return k
  return -1
})

/** log10 of the mean power in each ring, over windows of 64 that overlap by half. */
export function ringPowers({ rows, columns, data }: Luma): Float64Array {
  const total = new Float64Array(WINDOW * WINDOW)
  let windows = 0
  const re = new Float64Array(WINDOW * WINDOW)
  const im = new Float64Array(WINDOW * WINDOW)
  for (let top = 0; top + WINDOW <= rows; top += WINDOW / 2)
    for (let left = 0; left + WINDOW <= columns; left += WINDOW / 2, windows++) {
      for (let i = 0; i < re.length; i++) re[i] = data[(top + Math.floor(i / WINDOW)) * columns + left + (i % WINDOW)]
      const mean = re.reduce((a, b) => a + b, 0) / re.length
      for (let i = 0; i < re.length; i++) re[i] = (re[i] - mean) * taper[i]
      im.fill(0)
      transformPlanes(re, im, WINDOW, WINDOW, 'forward')
      // The transform is orthonormal; a periodogram is not.
      for (let i = 0; i < re.length; i++) total[i] += (re[i] ** 2 + im[i] ** 2) * re.length
    }
  const sums = new Float64Array(RINGS)
  const counts = new Float64Array(RINGS)
  for (const [i, ring] of ringOf.entries())
    if (ring >= 0) {
      sums[ring] += total[i] / (windows * power)
      counts[ring]++
    }
  return sums.map((sum, k) => Math.log10(sum / counts[k] + 1e-3))
}

const NORMAL_MEDIAN = 0.6745
const madOf = (values: Float64Array) => quantileOf(sortedOf(values.map(Math.abs)), 0.5) / NORMAL_MEDIAN

/** The diagonal differences and the means of cells of two by two. */
function cells({ rows, columns, data }: Luma): { readonly details: Luma; readonly means: Luma } {
  const size = { rows: Math.floor(rows / 2), columns: Math.floor(columns / 2) }
  const details = new Float64Array(size.rows * size.columns)
  const means = new Float64Array(details.length)
  for (let i = 0; i < details.length; i++) {
    const at = 2 * Math.floor(i / size.columns) * columns + 2 * (i % size.columns)
    const [a, b, c, d] = [data[at], data[at + 1], data[at + columns], data[at + columns + 1]]
    details[i] = (a - b - c + d) / 2
    means[i] = (a + b + c + d) / 4
  }
  return { details: { ...size, data: details }, means: { ...size, data: means } }
}

/** What noise leaves: median details at two scales, details in flat blocks of eight by eight, and how flat the flattest are. */
export function noiseTraces(luma: Luma): readonly number[] {
  const { rows, columns, data } = luma
  const { details, means } = cells(luma)
  const across = Math.floor(columns / 8)
  const variances = new Float64Array(across * Math.floor(rows / 8))
  for (let block = 0; block < variances.length; block++) {
    const from = 8 * Math.floor(block / across) * columns + 8 * (block % across)
    let sum = 0
    let squares = 0
    for (let i = 0; i < 64; i++) sum += data[from + (i >> 3) * columns + (i & 7)]
    for (let i = 0; i < 64; i++) squares += (data[from + (i >> 3) * columns + (i & 7)] - sum / 64) ** 2
    variances[block] = squares / 64
  }
  const sorted = sortedOf(variances)
  const flat = quantileOf(sorted, 0.2)
  let squares = 0
  let count = 0
  for (const [block, variance] of variances.entries()) {
    if (variance > flat) continue
    const from = 4 * Math.floor(block / across) * details.columns + 4 * (block % across)
    for (let i = 0; i < 16; i++, count++) squares += details.data[from + (i >> 2) * details.columns + (i & 3)] ** 2
  }
  const spreads = [madOf(details.data), madOf(cells(means).details.data), Math.sqrt(squares / count), Math.sqrt(quantileOf(sorted, 0.05))]
  return spreads.map((value) => Math.log10(value + 0.05))
}

/** How fast pixels of a row fall apart at one, two and four pixels, and how heavy the tails of it are. */
export function rowTraces({ rows, columns, data }: Luma): readonly number[] {
  const lagged = (lag: number) => {
    const width = columns - lag
    return Float64Array.from({ length: rows * width }, (_, i) => {
      const at = Math.floor(i / width) * columns + (i % width)
      return data[at + lag] - data[at]
    })
  }
  const meanOf = (values: Float64Array, of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0) / values.length
  const [one, two, four] = [lagged(1), lagged(2), lagged(4)]
  const [e1, e2, e4] = [one, two, four].map((values) => meanOf(values, (d) => d * d) + 0.01)
  const top = (values: Float64Array) => quantileOf(sortedOf(values.map(Math.abs)), 0.99)
  return [
    Math.log10(e1 / e2),
    Math.log10(e2 / e4),
    Math.log10(meanOf(one, (d) => d ** 4) / e1 ** 2),
    Math.log10(top(one) / (top(four) + 0.1) + 1e-3),
  ]
}
