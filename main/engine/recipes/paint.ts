import { TILE } from '../../../preload/contract/document.ts'
import { paintTileInto } from '../../math/stroke.ts'
import { breathe } from '../breathe.ts'
import { type Grid, isTransparent, readGrid, readTile, writeGrid } from '../tiles.ts'
import { atOnce } from './recipe.ts'
import { layStroke } from './stroke.ts'

const NEW_GRID: Grid = { format: 'rgba8', x: 0, y: 0, tiles: new Map() }

/** Lays a stroke on a layer. Tiles it does not touch keep their names; one it erases entirely is no longer listed. */
export const paint = atOnce<'paint'>(async ({ pixels, width, height, brush, points }, { blobs }, signal) => {
  const grid = pixels ? readGrid(blobs, pixels, 'rgba8') : NEW_GRID
  const coverage = await layStroke(brush, points, grid, { width, height }, signal)
  const tiles = new Map(grid.tiles)
  for (const [key, covered] of coverage) {
    const id = grid.tiles.get(key)
    const tile = new Uint8Array(TILE * TILE * 4)
    const base = id === undefined ? null : readTile(blobs, id, 'rgba8')
    paintTileInto(tile, base, covered, brush.color, brush.opacity, brush.erase)
    if (isTransparent(tile)) tiles.delete(key)
    else tiles.set(key, blobs.put(tile))
    await breathe(signal)
  }
  return { type: 'paint', pixels: writeGrid(blobs, { ...grid, tiles }) }
})
