import { intersect, type Rect } from './rect.ts'

/** Side of a tile, in pixels. */
export const TILE = 256

/** Tiles of coverage, one byte a pixel, keyed `column,row`; tile (0, 0) starts at the origin, in document pixels. */
export interface CoverageGrid {
  readonly origin: { readonly x: number; readonly y: number }
  readonly tiles: Map<string, Uint8Array<ArrayBuffer>>
}

/** An anti-aliased disc. Centre and diameter in document pixels; a pixel's own centre lies at + 0.5. */
export interface Dab {
  readonly x: number
  readonly y: number
  readonly diameter: number
  /** 0: falls off from the centre. 1: hard edge, one pixel of anti-aliasing. */
  readonly hardness: number
}

/**
 * Fall-off of a disc of radius r: full up to `inner`, nothing from `outer` on.
 * The ramp spans the soft share (1 - hardness) r, but at least one pixel centred on the rim: that is the anti-aliasing.
 * A ramp of one pixel is linear (the share of the pixel covered), wider ones turn into a smoothstep.
 */
function profileOf(radius: number, hardness: number) {
  const soft = (1 - hardness) * radius
  const spill = Math.max(0, 1 - soft) / 2
  return { inner: radius - soft - spill, outer: radius + spill, curve: Math.min(1, Math.max(0, soft - 1)) }
}

/**
 * Lays a dab on the grid within `bounds`; where coverage is there already the greater stays.
 * Thinner than a pixel, a dab is a fainter pixel. @returns the document rectangle it may have touched.
 */
export function stampInto(grid: CoverageGrid, dab: Dab, bounds: Rect): Rect | null {
  if (!(dab.diameter > 0)) return null
  const faint = Math.min(1, dab.diameter)
  const { inner, outer, curve } = profileOf(Math.max(1, dab.diameter) / 2, dab.hardness)
  const left = Math.floor(dab.x - outer)
  const top = Math.floor(dab.y - outer)
  const box = { x: left, y: top, width: Math.ceil(dab.x + outer) - left, height: Math.ceil(dab.y + outer) - top }
  const touched = intersect(box, bounds)
  if (!touched) return null

  const { origin, tiles } = grid
  const full = Math.floor(255 * faint + 0.5)
  const scale = 1 / (outer - inner)
  const outerSquared = outer * outer
  const innerSquared = inner > 0 ? inner * inner : -1
  const firstColumn = Math.floor((touched.x - origin.x) / TILE)
  const lastColumn = Math.floor((touched.x + touched.width - 1 - origin.x) / TILE)
  const firstRow = Math.floor((touched.y - origin.y) / TILE)
  const lastRow = Math.floor((touched.y + touched.height - 1 - origin.y) / TILE)

  for (let row = firstRow; row <= lastRow; row++) {
    const tileTop = origin.y + row * TILE
    const y0 = Math.max(touched.y, tileTop)
    const y1 = Math.min(touched.y + touched.height, tileTop + TILE)
    for (let column = firstColumn; column <= lastColumn; column++) {
      const tileLeft = origin.x + column * TILE
      const x0 = Math.max(touched.x, tileLeft)
      const x1 = Math.min(touched.x + touched.width, tileLeft + TILE)
      let tile = tiles.get(`${column},${row}`)
      for (let y = y0; y < y1; y++) {
        const dy = y + 0.5 - dab.y
        const reach = outerSquared - dy * dy
        if (reach <= 0) continue
        const half = Math.sqrt(reach)
        const from = Math.max(x0, Math.ceil(dab.x - half - 0.5))
        const to = Math.min(x1, Math.floor(dab.x + half - 0.5) + 1)
        if (from >= to) continue
        if (!tile) {
          tile = new Uint8Array(TILE * TILE)
          tiles.set(`${column},${row}`, tile)
        }
        const base = (y - tileTop) * TILE - tileLeft
        // The full core of the row needs no distance.
        const core = innerSquared - dy * dy
        const coreHalf = core > 0 ? Math.sqrt(core) : 0
        const coreFrom = core > 0 ? Math.max(from, Math.ceil(dab.x - coreHalf - 0.5)) : to
        const coreTo = core > 0 ? Math.min(to, Math.floor(dab.x + coreHalf - 0.5) + 1) : to
        for (let x = from; x < to; x++) {
          if (x === coreFrom && coreTo > coreFrom) {
            if (full === 255) tile.fill(255, base + coreFrom, base + coreTo)
            else for (let i = base + coreFrom; i < base + coreTo; i++) if (tile[i] < full) tile[i] = full
            x = coreTo - 1
            continue
          }
          const there = tile[base + x]
          if (there >= full) continue
          const dx = x + 0.5 - dab.x
          const t = Math.min(1, Math.max(0, (outer - Math.sqrt(dx * dx + dy * dy)) * scale))
          const value = Math.floor(255 * faint * (t + curve * (t * t * (3 - 2 * t) - t)) + 0.5)
          if (value > there) tile[base + x] = value
        }
      }
    }
  }
  return touched
}
