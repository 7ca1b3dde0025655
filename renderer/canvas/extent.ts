import type { Rect } from '../../main/math/rect.ts'
import { unite } from '../../main/math/rect.ts'
import { TILE } from '../../preload/contract/document.ts'
import { parseTileKey } from '../../preload/contract/tile-index.ts'
import type { Surface } from './surface.ts'

/**
 * The smallest rectangle that holds what a surface of pixels shows, from its tile (0, 0); null where it shows nothing.
 * Tiles on the rim whose bytes are not here count as full.
 */
export function extentOf(surface: Surface): Rect | null {
  const keys = [...surface.index.tiles.keys()]
  const places = keys.map((key) => ({ key, ...parseTileKey(key) }))
  const columns = places.map(({ column }) => column)
  const rows = places.map(({ row }) => row)
  const [left, right] = [Math.min(...columns), Math.max(...columns)]
  const [top, bottom] = [Math.min(...rows), Math.max(...rows)]
  let extent: Rect | null = null
  for (const { key, column, row } of places) {
    const isRim = column === left || column === right || row === top || row === bottom
    const bytes = isRim ? surface.stored(key) : undefined
    const inside = bytes ? opaque(bytes) : { x: 0, y: 0, width: TILE, height: TILE }
    if (inside) extent = unite(extent, { ...inside, x: inside.x + column * TILE, y: inside.y + row * TILE })
  }
  return extent
}

/** The rectangle of a tile outside which it is transparent. */
function opaque(bytes: Uint8Array): Rect | null {
  let [left, top, right, bottom] = [TILE, TILE, -1, -1]
  for (let y = 0; y < TILE; y++)
    for (let x = 0; x < TILE; x++) {
      if (bytes[4 * (y * TILE + x) + 3] === 0) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  return bottom < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}
