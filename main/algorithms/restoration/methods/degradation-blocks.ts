import { BLOCK, blockDctInto } from '../../../math/dct.ts'
import type { Luma } from './degradation-texture.ts'

/** log10 of the mean over those places in eight of one direction that a grid of blocks has, against the others. */
function contrast(profile: Float64Array, places: readonly number[]): number {
  const sums = [0, 0]
  const counts = [0, 0]
  for (const [i, value] of profile.entries()) {
    const side = places.includes(i % BLOCK) ? 0 : 1
    sums[side] += value
    counts[side]++
  }
  return Math.log10((sums[0] / counts[0] + 0.05) / (sums[1] / counts[1] + 0.05))
}

/** How much stronger first and second differences are across the borders of blocks: down the columns, then along the rows. */
export function blockiness({ rows, columns, data }: Luma): readonly number[] {
  const along = (length: number, other: number, at: (i: number, j: number) => number) => {
    const profile = (reach: number, of: (i: number, j: number) => number) =>
      Float64Array.from({ length: length - reach }, (_, i) => {
        let sum = 0
        for (let j = 0; j < other; j++) sum += Math.abs(of(i, j))
        return sum / other
      })
    return [
      contrast(
        profile(1, (i, j) => at(i + 1, j) - at(i, j)),
        [7],
      ),
      contrast(
        profile(2, (i, j) => at(i + 2, j) - 2 * at(i + 1, j) + at(i, j)),
        [6, 7],
      ),
    ]
  }
  return [...along(rows, columns, (i, j) => data[i * columns + j]), ...along(columns, rows, (i, j) => data[j * columns + i])]
}

/** Coefficients whose steps are looked for: vertical frequency, then horizontal. */
const STEPPED = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 2],
  [2, 0],
  [0, 3],
] as const

/** log2 of the largest step that a coefficient comes in, over all blocks; 0 where it comes in none. */
function stepOf(coefficients: readonly number[]): number {
  const kept = coefficients.filter((c) => Math.abs(c) > 0.75)
  if (kept.length <= 20) return 0
  for (let step = 89; step >= 2; step--) {
    const agreement = kept.reduce((sum, c) => sum + Math.cos((2 * Math.PI * c) / step), 0) / kept.length
    if (agreement > 0.55) return Math.log2(step)
  }
  return 0
}

/** What JPEG leaves in blocks of eight by eight from the corner on: the steps of low coefficients, and how many of each band are gone. */
export function quantiserTraces({ rows, columns, data }: Luma): readonly number[] {
  const shifted = data.map((value) => value - 128)
  const blocks: Float64Array[] = []
  for (let top = 0; top + BLOCK <= rows; top += BLOCK)
    for (let left = 0; left + BLOCK <= columns; left += BLOCK) {
      const block = new Float64Array(BLOCK * BLOCK)
      blockDctInto(block, shifted, top * columns + left, columns)
      blocks.push(block)
    }
  const steps = STEPPED.map(([u, v]) => stepOf(blocks.map((block) => block[u * BLOCK + v])))
  const gone = Array.from({ length: 8 }, (_, band) => {
    let all = 0
    let small = 0
    for (const block of blocks)
      for (let at = 1; at < block.length; at++) {
        if ((Math.floor(at / BLOCK) + (at % BLOCK)) >> 1 !== band) continue
        all++
        if (Math.abs(block[at]) < 0.6) small++
      }
    return small / all
  })
  return [...steps, ...gone]
}
