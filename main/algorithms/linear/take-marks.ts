import { type Matrix, matrix } from '../../math/matrix.ts'
import type { Takes } from '../low-rank.ts'

/** The middle value, the upper of two. */
export const medianOf = (values: Float64Array): number => values.slice().sort()[values.length >> 1]

/** Median distance to the standard deviation of a normal distribution. */
const MAD = 1.4826
/** Nothing nearer than this is a mark, whatever the noise: two steps of 8 bits. */
const LEAST = 2 / 255
const DEVIATIONS = 3
/** Share of the takes at one pixel. */
const CROWDED = 0.4

export interface Marks {
  readonly replaced: Uint8Array
  readonly composite: Matrix
  /** Share of the pixels where so many takes are marked that the rest hardly tells. */
  readonly crowded: number
}

/** Replaces only what lies further from the clean picture than noise does, and one pixel around it. */
export function replaceMarks({ values, width, height, known }: Takes, clean: Matrix): Marks {
  const pixels = width * height
  const distance = values.data.map((value, i) => Math.abs(value - clean.data[i]))
  const limit = DEVIATIONS * Math.max(MAD * medianOf(distance), LEAST)
  const marked = new Uint8Array(values.rows * pixels)
  for (let at = 0; at < distance.length; at++)
    if (distance[at] > limit || (known && !known[at])) marked[Math.floor(at / values.columns) * pixels + (at % pixels)] = 1
  const count = new Uint32Array(pixels)
  for (let i = 0; i < marked.length; i++) count[i % pixels] += marked[i]
  const replaced = grown(marked, width, height)
  const composite = matrix(values.rows, values.columns, values.data.slice())
  for (let at = 0; at < distance.length; at++)
    if (replaced[Math.floor(at / values.columns) * pixels + (at % pixels)]) composite.data[at] = clean.data[at]
  return { replaced, composite, crowded: count.filter((one) => one > CROWDED * values.rows).length / pixels }
}

/** Each take's marks, one pixel wider to all eight sides. */
function grown(marked: Uint8Array, width: number, height: number): Uint8Array {
  const out = marked.slice()
  for (let i = 0; i < marked.length; i++) {
    if (!marked[i]) continue
    const place = i % (width * height)
    const [row, column] = [Math.floor(place / width), place % width]
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) out[i - place + y * width + x] = 1
  }
  return out
}
