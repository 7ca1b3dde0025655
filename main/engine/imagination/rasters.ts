import type { Rect } from '../../math/rect.ts'

/** Lines of samples in a row of pixels; across a row coverage is exact. */
const LINES = 8

/** A place in the document, in pixels. */
export type Point = readonly [x: number, y: number]

/** How much of each pixel of `area` a rectangle covers, 0..255, exactly. */
export function rectangleRaster(shown: Rect, area: Rect): Uint8Array {
  const along = (from: number, length: number, start: number, count: number) =>
    Float64Array.from({ length: count }, (_, i) =>
      Math.min(1, Math.max(0, Math.min(from + length, start + i + 1) - Math.max(from, start + i))),
    )
  const across = along(shown.x, shown.width, area.x, area.width)
  const down = along(shown.y, shown.height, area.y, area.height)
  const raster = new Uint8Array(area.width * area.height)
  for (let y = 0; y < area.height; y++)
    for (let x = 0; x < area.width; x++) raster[y * area.width + x] = Math.round(255 * (down[y] as number) * (across[x] as number))
  return raster
}

/** How much of each pixel of `area` lies inside a closed line by the even-odd rule, 0..255. */
export function polygonRaster(points: readonly Point[], area: Rect): Uint8Array {
  const crossings = crossingsOf(points, area)
  const raster = new Uint8Array(area.width * area.height)
  const row = new Float64Array(area.width)
  for (let y = 0; y < area.height; y++) {
    row.fill(0)
    for (let line = y * LINES; line < (y + 1) * LINES; line++) {
      const xs = (crossings[line] ?? []).sort((a, b) => a - b)
      for (let i = 0; i + 1 < xs.length; i += 2) coverInto(row, (xs[i] as number) - area.x, (xs[i + 1] as number) - area.x)
    }
    for (let x = 0; x < area.width; x++) raster[y * area.width + x] = Math.round((255 * (row[x] as number)) / LINES)
  }
  return raster
}

/** Columns at which the sides of a polygon cross each line of samples, top line first. */
function crossingsOf(points: readonly Point[], area: Rect): number[][] {
  const crossings: number[][] = Array.from({ length: area.height * LINES }, () => [])
  const lineAt = (y: number) => (y - area.y) * LINES - 0.5
  for (const [i, [x0, y0]] of points.entries()) {
    const [x1, y1] = points[(i + 1) % points.length] as Point
    const [low, high] = y0 < y1 ? [y0, y1] : [y1, y0]
    // A line counts where low <= its y < high: a corner where two sides meet is counted once.
    const first = Math.max(0, Math.ceil(lineAt(low)))
    const end = Math.min(crossings.length, Math.ceil(lineAt(high)))
    for (let line = first; line < end; line++) {
      const y = area.y + (line + 0.5) / LINES
      crossings[line]?.push(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0))
    }
  }
  return crossings
}

/** Adds the share of each pixel that lies between two columns. */
function coverInto(row: Float64Array, from: number, to: number): void {
  const [left, right] = [Math.max(0, from), Math.min(row.length, to)]
  for (let x = Math.floor(left); x < right; x++) row[x] = (row[x] as number) + Math.min(right, x + 1) - Math.max(left, x)
}
