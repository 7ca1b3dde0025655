import { TILE } from '../../../preload/contract/document.ts'
import type { BlobId } from '../../../preload/contract/ids.ts'
import { tileKey } from '../../../preload/contract/tile-index.ts'
import { intersect } from '../../math/rect.ts'
import { tileRect, tilesOver, writeGrid } from '../tiles.ts'
import { atOnce } from './recipe.ts'

/** An opaque rectangle in one colour. Its tiles are of at most four kinds: whole, and cut off at the right, at the bottom, at both. */
export const fill = atOnce<'fill'>(async ({ width, height, color }, { blobs }) => {
  const origin = { x: 0, y: 0 }
  const area = { ...origin, width, height }
  const kinds = new Map<string, BlobId>()
  const tiles = new Map<string, BlobId>()
  for (const { column, row } of tilesOver(origin, area)) {
    const covered = intersect(tileRect(origin, column, row), area)
    if (!covered) continue
    const kind = `${covered.width} ${covered.height}`
    const id = kinds.get(kind) ?? blobs.put(solidTile(covered.width, covered.height, color))
    kinds.set(kind, id)
    tiles.set(tileKey(column, row), id)
  }
  return { type: 'fill', pixels: writeGrid(blobs, { format: 'rgba8', ...origin, tiles }) }
})

function solidTile(width: number, height: number, [red, green, blue]: readonly [number, number, number]): Uint8Array {
  const tile = new Uint8Array(TILE * TILE * 4)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) tile.set([red, green, blue, 255], 4 * (y * TILE + x))
  return tile
}
