import type { Rect } from '../../math/rect.ts'
import { paced } from '../breathe.ts'

/** Lines of samples in a row of pixels; across a row coverage is exact. */
const LINES = 8

/** A place in the document, in pixels. */
export type Point = readonly [x: number, y: number]

/** How much of each pixel of `area` a rectangle covers, 0..255, exactly. @throws the signal's reason once it is aborted. */
export async function rectangleRaster(shown: Rect, area: Rect, signal: AbortSignal): Promise<Uint8Array> {
  const rest = paced(signal)
  const along = (from: number, length: number, start: number, count: number) =>
    Float64Array.from({ length: count }, (_, i) =>
      Math.min(1, Math.max(0, Math.min(from + length, start + i + 1) - Math.max(from, start + i))),
    )
  const across = along(shown.x, shown.width, area.x, area.width)
  const down = along(shown.y, shown.height, area.y, area.height)
  const raster = new Uint8Array(area.width * area.height)
  for (let y = 0; y < area.height; y++) {
    // Rows that are covered from top to bottom are all alike.
    if (y > 0 && down[y] === down[y - 1]) raster.copyWithin(y * area.width, (y - 1) * area.width, y * area.width)
    else for (let x = 0; x < area.width; x++) raster[y * area.width + x] = Math.round(255 * (down[y] as number) * (across[x] as number))
    await rest()
  }
  return raster
}

/** How much of each pixel of `area` lies inside a closed line by the even-odd rule, 0..255. @throws the signal's reason once it is aborted. */
export async function polygonRaster(points: readonly Point[], area: Rect, signal: AbortSignal): Promise<Uint8Array> {
  const rest = paced(signal)
  const sides = sidesOf(points, area)
  const raster = new Uint8Array(area.width * area.height)
  const row = new Float64Array(area.width)
  let [next, crossing]: [number, readonly Side[]] = [0, []]
  for (let y = 0; y < area.height; y++) {
    const end = (y + 1) * LINES
    const reached = next
    while (next < sides.length && (sides[next] as Side).first < end) next++
    crossing = [...crossing.filter((side) => side.end > y * LINES), ...sides.slice(reached, next)]
    await rest()
    if (crossing.length === 0) continue
    row.fill(0)
    for (let line = y * LINES; line < end; line++) {
      const xs = crossingsAt(crossing, line, area)
      for (let i = 0; i + 1 < xs.length; i += 2) coverInto(row, (xs[i] as number) - area.x, (xs[i + 1] as number) - area.x)
    }
    for (let x = 0; x < area.width; x++) raster[y * area.width + x] = Math.round((255 * (row[x] as number)) / LINES)
  }
  return raster
}

/** A side of a polygon, and the lines of samples that it crosses: from the first to before the end. */
interface Side {
  readonly from: Point
  readonly to: Point
  readonly first: number
  readonly end: number
}

/** The sides that cross any line of samples of an area, by the first that they do. */
function sidesOf(points: readonly Point[], area: Rect): readonly Side[] {
  const lineAt = (y: number) => (y - area.y) * LINES - 0.5
  return points
    .map((from, i): Side => {
      const to = points[(i + 1) % points.length] as Point
      // A line counts where low <= its y < high: a corner where two sides meet is counted once.
      const [low, high] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])]
      return { from, to, first: Math.max(0, Math.ceil(lineAt(low))), end: Math.min(area.height * LINES, Math.ceil(lineAt(high))) }
    })
    .filter(({ first, end }) => first < end)
    .sort((a, b) => a.first - b.first)
}

/** Columns at which sides cross a line of samples, from left to right. */
function crossingsAt(sides: readonly Side[], line: number, area: Rect): readonly number[] {
  const y = area.y + (line + 0.5) / LINES
  const xs: number[] = []
  for (const { from, to, first, end } of sides) {
    if (line < first || line >= end) continue
    xs.push(from[0] + ((y - from[1]) * (to[0] - from[0])) / (to[1] - from[1]))
  }
  return xs.sort((a, b) => a - b)
}

/** Adds the share of each pixel that lies between two columns. */
function coverInto(row: Float64Array, from: number, to: number): void {
  const [left, right] = [Math.max(0, from), Math.min(row.length, to)]
  for (let x = Math.floor(left); x < right; x++) row[x] = (row[x] as number) + Math.min(right, x + 1) - Math.max(left, x)
}
