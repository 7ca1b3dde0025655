import { lumaOf, type Picture } from '../picture.ts'
import { placedAt } from '../quantile.ts'

/** Median of |N(0, 1)|. */
const NORMAL_MEDIAN = 0.6744897501960817
/** Enough 2 × 2 blocks for the median to be good to half a percent. */
const ENOUGH = 250_000

/**
 * Standard deviation of the noise in luma, 0..1: the median of the absolute diagonal Haar details over that of a normal
 * distribution (Donoho and Johnstone, 1994). Edges are few among the blocks and hardly move a median; fine texture does.
 */
export function noiseLevel(picture: Picture): number {
  const [, rows, columns] = picture.shape
  const luma = lumaOf(picture)
  const blocks = Math.floor(rows / 2) * Math.floor(columns / 2)
  if (blocks === 0) return 0
  const stride = Math.max(1, Math.floor(Math.sqrt(blocks / ENOUGH)))
  const details = new Float64Array(blocks)
  let count = 0
  for (let i = 0; i + 1 < rows; i += 2 * stride)
    for (let j = 0; j + 1 < columns; j += 2 * stride) {
      const k = i * columns + j
      details[count++] = Math.abs(luma[k] - luma[k + 1] - luma[k + columns] + luma[k + columns + 1]) / 2
    }
  return placedAt(details.subarray(0, count), Math.floor(count / 2)) / NORMAL_MEDIAN
}
