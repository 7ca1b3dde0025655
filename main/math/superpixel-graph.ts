import type { Pieces } from './pause.ts'
import type { Superpixels } from './superpixels.ts'

/** Numbers kept of each patch: pixels, mean L a b, and the upper half of the covariance LL La Lb aa ab bb. */
export const STATISTICS = 10

/** Patches and what lies between them. */
export interface SuperpixelGraph {
  readonly count: number
  /** `STATISTICS` numbers a patch. */
  readonly statistics: Float64Array
  /** For each patch, how many of its pixels lie on the border of the picture. */
  readonly border: Int32Array
  /** For each patch, how many sides of its pixels border on nothing, within the picture. */
  readonly voids: Int32Array
  /** Patches that touch: pair k is `ends[2k]` and `ends[2k + 1]`. */
  readonly ends: Int32Array
  /** For each pair, the number of pixel pairs across the line between them; of those across a corner where nothing else touches. */
  readonly lengths: Float64Array
  /** For each pair, the colour difference across that line, on average; taken some pixels apart, since edges are soft. */
  readonly contrasts: Float64Array
  /** For each pair, the cost to cut them apart: the sum of exp(-beta |difference|²) over distance, over all pixel pairs. */
  readonly links: Float64Array
  /** One over twice the mean squared difference of neighbouring pixels. */
  readonly beta: number
}

/** Rows between two pauses. */
const STRETCH = 24

/** Which superpixels touch, with mean colours and how strong the edge between them is. `lab` is [pixel, 3]. Breathes. */
export function* superpixelGraph(lab: Float32Array, { width, height, count, labels }: Superpixels): Pieces<SuperpixelGraph> {
  const square = (i: number, j: number): number => {
    const l = lab[3 * i] - lab[3 * j]
    const a = lab[3 * i + 1] - lab[3 * j + 1]
    const b = lab[3 * i + 2] - lab[3 * j + 2]
    return l * l + a * a + b * b
  }
  const statistics = new Float64Array(count * STATISTICS)
  const border = new Int32Array(count)
  const voids = new Int32Array(count)
  let squares = 0
  let pairs = 0
  for (let y = 0; y < height; y++) {
    if (y % STRETCH === 0) yield
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      const label = labels[at]
      const right = x + 1 < width ? at + 1 : at
      const below = y + 1 < height ? at + width : at
      for (const next of [right, below]) if (label < 0 !== labels[next] < 0) voids[Math.max(label, labels[next])]++
      if (label < 0) continue
      sumInto(statistics, label * STATISTICS, lab[3 * at], lab[3 * at + 1], lab[3 * at + 2])
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) border[label]++
      for (const next of [right, below]) {
        if (next === at || labels[next] < 0) continue
        squares += square(at, next)
        pairs++
      }
    }
  }
  for (let label = 0; label < count; label++) settle(statistics, label * STATISTICS)
  const beta = 1 / Math.max(1e-3, (2 * squares) / Math.max(1, pairs))

  const numbers = new Map<number, number>()
  const ends: number[] = []
  const [lengths, contrasts]: number[][] = [[], []]
  const [corners, cornerContrasts]: number[][] = [[], []]
  const links: number[] = []
  const pairOf = (a: number, b: number): number => {
    const key = a < b ? a * count + b : b * count + a
    let pair = numbers.get(key)
    if (pair === undefined) {
      numbers.set(key, (pair = lengths.length))
      ends.push(Math.min(a, b), Math.max(a, b))
      for (const sums of [lengths, contrasts, corners, cornerContrasts]) sums.push(0)
      links.push(0)
    }
    return pair
  }
  for (let y = 0; y < height; y++) {
    if (y % STRETCH === 0) yield
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      const label = labels[at]
      if (label < 0) continue
      for (let k = 0; k < 4; k++) {
        const u = x + ACROSS[k]
        const v = y + DOWN[k]
        if (u < 0 || u >= width || v >= height) continue
        const other = labels[v * width + u]
        if (other < 0 || other === label) continue
        const pair = pairOf(label, other)
        links[pair] += Math.exp(-beta * square(at, v * width + u)) / (k < 2 ? 1 : Math.SQRT2)
        if (k > 1) {
          corners[pair]++
          cornerContrasts[pair] += Math.sqrt(square(at, v * width + u))
          continue
        }
        const before = at - ACROSS[k] - width * DOWN[k]
        const after = (v + DOWN[k]) * width + u + ACROSS[k]
        const from = x >= ACROSS[k] && y >= DOWN[k] && labels[before] >= 0 ? before : at
        const to = u + ACROSS[k] < width && v + DOWN[k] < height && labels[after] >= 0 ? after : v * width + u
        lengths[pair]++
        contrasts[pair] += Math.sqrt(square(from, to))
      }
    }
  }
  return {
    count,
    statistics,
    border,
    voids,
    ends: Int32Array.from(ends),
    lengths: Float64Array.from(lengths, (length, pair) => length || corners[pair]),
    contrasts: Float64Array.from(contrasts, (sum, pair) => (lengths[pair] ? sum / lengths[pair] : cornerContrasts[pair] / corners[pair])),
    links: Float64Array.from(links),
    beta,
  }
}

/** For each patch those that touch it. */
export function neighboursOf({ count, ends }: SuperpixelGraph): readonly (readonly number[])[] {
  const neighbours: number[][] = Array.from({ length: count }, () => [])
  for (let k = 0; k < ends.length; k += 2) {
    neighbours[ends[k]].push(ends[k + 1])
    neighbours[ends[k + 1]].push(ends[k])
  }
  return neighbours
}

/** The half of a pixel's eight neighbours that come after it: right, below, below right, below left. */
const ACROSS = [1, 0, 1, -1] as const
const DOWN = [0, 1, 1, 1] as const

function sumInto(sums: Float64Array, at: number, l: number, a: number, b: number): void {
  sums[at]++
  sums[at + 1] += l
  sums[at + 2] += a
  sums[at + 3] += b
  sums[at + 4] += l * l
  sums[at + 5] += l * a
  sums[at + 6] += l * b
  sums[at + 7] += a * a
  sums[at + 8] += a * b
  sums[at + 9] += b * b
}

/** From sums to mean and covariance. */
function settle(sums: Float64Array, at: number): void {
  const n = Math.max(1, sums[at])
  for (let k = 1; k < STATISTICS; k++) sums[at + k] /= n
  for (let i = 0, k = 4; i < 3; i++) for (let j = i; j < 3; j++, k++) sums[at + k] -= sums[at + 1 + i] * sums[at + 1 + j]
}
