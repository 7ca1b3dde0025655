import { TILE } from '../../../preload/contract/document.ts'
import { paintMaskTileInto } from '../../math/stroke.ts'
import { breathe } from '../breathe.ts'
import { readGrid, readTile, writeGrid } from '../tiles.ts'
import { atOnce } from './recipe.ts'
import { layStroke } from './stroke.ts'

/** Lays a stroke on a mask: erasing hides, painting reveals. A tile that is all `rest` again is no longer listed. */
export const paintMask = atOnce<'paint-mask'>(async ({ mask, width, height, brush, points }, { blobs }, signal) => {
  const grid = readGrid(blobs, mask.pixels, 'r8')
  const coverage = await layStroke(brush, points, grid, { width, height }, signal)
  const tiles = new Map(grid.tiles)
  for (const [key, covered] of coverage) {
    const id = grid.tiles.get(key)
    const tile = new Uint8Array(TILE * TILE)
    const base = id === undefined ? null : readTile(blobs, id, 'r8')
    paintMaskTileInto(tile, base, mask.rest, covered, brush.opacity, brush.erase)
    if (tile.every((value) => value === mask.rest)) tiles.delete(key)
    else tiles.set(key, blobs.put(tile))
    await breathe(signal)
  }
  return { type: 'paint-mask', pixels: writeGrid(blobs, { ...grid, tiles }) }
})
