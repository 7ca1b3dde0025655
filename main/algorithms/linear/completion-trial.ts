import { matrix } from '../../math/matrix.ts'
import { membrane } from '../../math/poisson-grid.ts'
import { noiseOf, uniformsInto } from '../../math/random.ts'
import type { Incomplete } from '../low-rank.ts'

/** Values that are known and shall be found again, to see how well a method does here. */
export interface Trial {
  /** What the method may know. */
  readonly known: Uint8Array
  readonly hidden: readonly number[]
}

const SHARE = 0.05
/** Gaps are one hole, not scattered, where so many of their places have all four neighbours unknown. */
const SOLID = 0.5
/** Places between a hole and its double. */
const MARGIN = 2

interface Plane {
  readonly rows: number
  readonly columns: number
  readonly channels: number
}
const planeOf = ({ values, channels = 1 }: Incomplete): Plane => ({ rows: values.rows, columns: values.columns / channels, channels })

/** The gaps of the first picture and what they span; null where they are scattered, or there are none. */
function holeOf({ known, values }: Incomplete, { rows, columns }: Plane) {
  let [top, bottom, left, right, gaps, inner] = [rows, -1, columns, -1, 0, 0]
  const gap = (y: number, x: number) => y < 0 || x < 0 || y >= rows || x >= columns || !known[y * values.columns + x]
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      if (!gap(y, x)) continue
      gaps++
      if (gap(y - 1, x) && gap(y + 1, x) && gap(y, x - 1) && gap(y, x + 1)) inner++
      ;[top, bottom, left, right] = [Math.min(top, y), Math.max(bottom, y), Math.min(left, x), Math.max(right, x)]
    }
  return gaps > 0 && inner > SOLID * gaps ? { height: bottom - top + 1, width: right - left + 1 } : null
}

/** Does every row and every column keep something that is known? */
export function emptyLine(
  known: Uint8Array,
  rows: number,
  columns: number,
): { readonly kind: 'row' | 'column'; readonly from: number; readonly to: number } | null {
  const find = (kind: 'row' | 'column', count: number, length: number, at: (line: number, i: number) => number) => {
    const isEmpty = (line: number) => {
      for (let i = 0; i < length; i++) if (known[at(line, i)]) return false
      return true
    }
    for (let from = 0; from < count; from++) {
      if (!isEmpty(from)) continue
      let to = from
      while (to + 1 < count && isEmpty(to + 1)) to++
      return { kind, from, to }
    }
    return null
  }
  return find('row', rows, columns, (line, i) => line * columns + i) ?? find('column', columns, rows, (line, i) => i * columns + line)
}

/** Hides a double of the hole beside it; or scattered values, where the gaps are scattered or there is no room for the double. */
export function trialOf(incomplete: Incomplete, seed: number): Trial {
  const { values, known } = incomplete
  const plane = planeOf(incomplete)
  const hole = holeOf(incomplete, plane)
  if (hole)
    for (const [dy, dx] of [
      [0, hole.width + MARGIN],
      [0, -hole.width - MARGIN],
      [hole.height + MARGIN, 0],
      [-hole.height - MARGIN, 0],
    ]) {
      const trial = shifted(incomplete, plane, dy, dx)
      if (trial) return trial
    }
  const uniform = new Float64Array(known.length)
  uniformsInto(uniform, noiseOf(seed))
  const hidden = Array.from(known.keys()).filter((i) => known[i] && uniform[i] < SHARE)
  return without(known, hidden, values.rows, values.columns) ?? { known, hidden: [] }
}

function shifted({ values, known }: Incomplete, { rows, columns, channels }: Plane, dy: number, dx: number): Trial | null {
  const hidden: number[] = []
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        if (known[y * values.columns + channel * columns + x]) continue
        const [row, column] = [y + dy, x + dx]
        if (row < 0 || column < 0 || row >= rows || column >= columns) return null
        const to = row * values.columns + channel * columns + column
        if (known[to]) hidden.push(to)
      }
  return without(known, hidden, values.rows, values.columns)
}

function without(known: Uint8Array, hidden: readonly number[], rows: number, columns: number): Trial | null {
  const left = known.slice()
  for (const i of hidden) left[i] = 0
  return hidden.length && !emptyLine(left, rows, columns) ? { known: left, hidden } : null
}

/** In decibels of a range of 1. */
export function qualityOf(found: Float64Array, truth: Float64Array, hidden: readonly number[]): number {
  const square = hidden.reduce((sum, i) => sum + (found[i] - truth[i]) ** 2, 0) / hidden.length
  return -10 * Math.log10(Math.max(square, 1e-12))
}

/** The better of what the smoothest fill through the edges and one even tone make of the same trial. */
export function plainQuality(incomplete: Incomplete, { known, hidden }: Trial): number {
  const { values } = incomplete
  const { rows, columns, channels } = planeOf(incomplete)
  const found = matrix(rows, values.columns)
  for (let channel = 0; channel < channels; channel++) {
    const at = (i: number) => Math.floor(i / columns) * values.columns + channel * columns + (i % columns)
    const plane = Float64Array.from({ length: rows * columns }, (_, i) => values.data[at(i)])
    const unknown = Uint8Array.from({ length: rows * columns }, (_, i) => 1 - known[at(i)])
    const filled = membrane(plane, columns, rows, unknown)
    for (const [i, value] of filled.entries()) found.data[at(i)] = value
  }
  const tones = Float64Array.from(known.keys())
    .filter((i) => known[i])
    .map((i) => values.data[i])
  const tone = tones.reduce((sum, value) => sum + value, 0) / tones.length
  const even = values.data.map(() => tone)
  return Math.max(qualityOf(found.data, values.data, hidden), qualityOf(even, values.data, hidden))
}
