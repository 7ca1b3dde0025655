import type { Floats } from './picture.ts'
import { mirror } from './tiles.ts'

/** What lies past the border: the half-sample mirror, the other side, or nothing. */
export type Boundary = 'symmetric' | 'circular' | 'zero'

/** Place inside [0, length) that stands for `index`; -1 where there is nothing. */
export function boundaryIndex(index: number, length: number, boundary: Boundary): number {
  if (index >= 0 && index < length) return index
  if (boundary === 'zero') return -1
  return boundary === 'symmetric' ? mirror(index, length) : ((index % length) + length) % length
}

/** Gaussian taps exp(-u² / 2 sigma²) for u = -radius..radius, with sum 1. The radius is max(1, ceil(3 sigma)) unless given. */
export function gaussianKernel(sigma: number, radius = Math.max(1, Math.ceil(3 * sigma))): Float64Array {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)))
  const sum = kernel.reduce((total, tap) => total + tap, 0)
  return kernel.map((tap) => tap / sum)
}

/** A stack of planes: how many, and how large each. */
export interface Planes {
  readonly channels: number
  readonly rows: number
  readonly columns: number
}

/** Rows with `margin` places more on each side, for a kernel to reach into. */
function padRow(line: Float64Array, source: Floats, at: number, places: Int32Array): void {
  for (let j = 0; j < line.length; j++) line[j] = places[j] < 0 ? 0 : source[at + places[j]]
}

const placesOf = (length: number, margin: number, boundary: Boundary): Int32Array =>
  Int32Array.from({ length: length + 2 * margin }, (_, j) => boundaryIndex(j - margin, length, boundary))

/** out[to + j] += Σ_u taps[u] x[from(u) + j] for j < length: four taps at a time, which spares three quarters of the traffic. */
function gatherInto(out: Float64Array, to: number, x: Floats, from: readonly number[], taps: readonly number[], length: number): void {
  let u = 0
  for (; u + 4 <= taps.length; u += 4) {
    const [k0, k1, k2, k3] = [taps[u], taps[u + 1], taps[u + 2], taps[u + 3]]
    const [f0, f1, f2, f3] = [from[u], from[u + 1], from[u + 2], from[u + 3]]
    for (let j = 0; j < length; j++) out[to + j] += k0 * x[f0 + j] + k1 * x[f1 + j] + k2 * x[f2 + j] + k3 * x[f3 + j]
  }
  for (; u < taps.length; u++) addRowInto(out, to, x, from[u], taps[u], length)
}

/** Correlates each row with a kernel of odd length: y_j = Σ_u k_u x_b(j + u - r). */
function correlateRows(x: Floats, planes: Planes, kernel: Float64Array, boundary: Boundary): Float64Array {
  const { columns } = planes
  const margin = (kernel.length - 1) / 2
  const places = placesOf(columns, margin, boundary)
  const line = new Float64Array(places.length)
  const out = new Float64Array(x.length)
  const taps = [...kernel]
  const from = taps.map((_, u) => u)
  for (let at = 0; at < x.length; at += columns) {
    padRow(line, x, at, places)
    gatherInto(out, at, line, from, taps, columns)
  }
  return out
}

/** The transpose of `correlateRows`: correlates with the turned kernel, then lays what fell past the border back to where it was read. */
function scatterRows(y: Floats, planes: Planes, kernel: Float64Array, boundary: Boundary): Float64Array {
  const { columns } = planes
  const margin = (kernel.length - 1) / 2
  const places = placesOf(columns, margin, boundary)
  const around = new Float64Array(columns + 4 * margin)
  const line = new Float64Array(places.length)
  const out = new Float64Array(y.length)
  const taps = [...kernel].reverse()
  const from = taps.map((_, u) => u)
  for (let at = 0; at < y.length; at += columns) {
    around.set(y.subarray(at, at + columns), 2 * margin)
    line.fill(0)
    gatherInto(line, 0, around, from, taps, line.length)
    for (let j = 0; j < line.length; j++) if (places[j] >= 0) out[at + places[j]] += line[j]
  }
  return out
}

/** Adds `scale` times a row of `x` to a row of `out`. */
function addRowInto(out: Float64Array, to: number, x: Floats, from: number, scale: number, columns: number): void {
  for (let j = 0; j < columns; j++) out[to + j] += scale * x[from + j]
}

/** Correlates each column with a kernel of odd length. */
function correlateColumns(x: Floats, planes: Planes, kernel: Float64Array, boundary: Boundary): Float64Array {
  const { channels, rows, columns } = planes
  const margin = (kernel.length - 1) / 2
  const out = new Float64Array(x.length)
  for (let line = 0; line < channels * rows; line++) {
    const row = line % rows
    const from: number[] = []
    const taps: number[] = []
    for (let u = 0; u < kernel.length; u++) {
      const place = boundaryIndex(row + u - margin, rows, boundary)
      if (place < 0 || kernel[u] === 0) continue
      from.push((line - row + place) * columns)
      taps.push(kernel[u])
    }
    gatherInto(out, line * columns, x, from, taps, columns)
  }
  return out
}

/** The transpose of `correlateColumns`. */
function scatterColumns(y: Floats, planes: Planes, kernel: Float64Array, boundary: Boundary): Float64Array {
  const { channels, rows, columns } = planes
  const margin = (kernel.length - 1) / 2
  const out = new Float64Array(y.length)
  for (let line = 0; line < channels * rows; line++) {
    const row = line % rows
    for (let u = 0; u < kernel.length; u++) {
      const place = boundaryIndex(row + u - margin, rows, boundary)
      if (place >= 0 && kernel[u] !== 0) addRowInto(out, (line - row + place) * columns, y, line * columns, kernel[u], columns)
    }
  }
  return out
}

/** Separable blur of each plane, rows then columns, with one kernel of odd length. */
export function blur(x: Floats, planes: Planes, kernel: Float64Array, boundary: Boundary): Float64Array {
  return correlateColumns(correlateRows(x, planes, kernel, boundary), planes, kernel, boundary)
}

/** The transpose of `blur`. */
export function blurAdjoint(y: Floats, planes: Planes, kernel: Float64Array, boundary: Boundary): Float64Array {
  return scatterRows(scatterColumns(y, planes, kernel, boundary), planes, kernel, boundary)
}

/** A kernel of odd sides, row-major. */
export interface Kernel {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

/** y[i, j] = Σ_uv k[u, v] x[b(i + u - kh/2), b(j + v - kw/2)] in each plane: correlation, no flip. */
export function correlate(x: Floats, planes: Planes, kernel: Kernel, boundary: Boundary): Float64Array {
  const { channels, rows, columns } = planes
  const [down, across] = marginsOf(kernel)
  const [above, beside] = [placesOf(rows, down, boundary), placesOf(columns, across, boundary)]
  const wide = new Float64Array(above.length * beside.length)
  const out = new Float64Array(x.length)
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < above.length; i++)
      for (let j = 0; j < beside.length; j++)
        wide[i * beside.length + j] = above[i] < 0 || beside[j] < 0 ? 0 : x[(c * rows + above[i]) * columns + beside[j]]
    gatherPlane(out, c * rows * columns, planes, wide, beside.length, kernel, false)
  }
  return out
}

/** The transpose of `correlate`: correlates with the turned kernel, then lays what fell past the border back to where it was read. */
export function correlateAdjoint(y: Floats, planes: Planes, kernel: Kernel, boundary: Boundary): Float64Array {
  const { channels, rows, columns } = planes
  const [down, across] = marginsOf(kernel)
  const [above, beside] = [placesOf(rows, down, boundary), placesOf(columns, across, boundary)]
  const read: Planes = { channels: 1, rows: above.length, columns: beside.length }
  const [tall, wide] = [rows + 4 * down, columns + 4 * across]
  const around = new Float64Array(tall * wide)
  const spread = new Float64Array(read.rows * read.columns)
  const out = new Float64Array(y.length)
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < rows; i++) {
      const at = (c * rows + i) * columns
      around.set(y.subarray(at, at + columns), (i + 2 * down) * wide + 2 * across)
    }
    spread.fill(0)
    gatherPlane(spread, 0, read, around, wide, kernel, true)
    for (let i = 0; i < above.length; i++)
      for (let j = 0; j < beside.length; j++)
        if (above[i] >= 0 && beside[j] >= 0) out[(c * rows + above[i]) * columns + beside[j]] += spread[i * beside.length + j]
  }
  return out
}

const marginsOf = ({ rows, columns }: Kernel): readonly [down: number, across: number] => [(rows - 1) / 2, (columns - 1) / 2]

/** Correlates one plane, out of a wider one. Taps of nothing cost nothing: traces of a movement are mostly that. */
function gatherPlane(
  out: Float64Array,
  to: number,
  { rows, columns }: Planes,
  wide: Float64Array,
  width: number,
  kernel: Kernel,
  isTurned: boolean,
): void {
  const offsets: number[] = []
  const taps: number[] = []
  for (let at = 0; at < kernel.data.length; at++) {
    const tap = kernel.data[isTurned ? kernel.data.length - 1 - at : at]
    if (tap === 0) continue
    offsets.push(Math.floor(at / kernel.columns) * width + (at % kernel.columns))
    taps.push(tap)
  }
  for (let row = 0; row < rows; row++) {
    const from = offsets.map((offset) => row * width + offset)
    gatherInto(out, to + row * columns, wide, from, taps, columns)
  }
}
