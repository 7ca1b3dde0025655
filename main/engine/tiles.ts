import { type PixelFormat, type Pixels, TILE } from '../../preload/contract/document.ts'
import { fault } from '../../preload/contract/fault.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { decodeTileIndex, encodeTileIndex, parseTileKey, tileKey } from '../../preload/contract/tile-index.ts'
import { intersect, type Rect, unite } from '../math/rect.ts'
import type { Blobs } from '../store/blobs.ts'
import { breathe } from './breathe.ts'

/** Bytes of a pixel. */
export const DEPTH: Readonly<Record<PixelFormat, number>> = { rgba8: 4, r8: 1 }

/** The tiles of a layer or a mask, by name; tile (0, 0) starts at (x, y) in the document. */
export interface Grid {
  readonly format: PixelFormat
  readonly x: number
  readonly y: number
  readonly tiles: ReadonlyMap<string, BlobId>
}

/** @throws FaultError `missing` or `damaged`, also when the index is of another format. */
export function readGrid(blobs: Blobs, pixels: Pixels, format: PixelFormat): Grid {
  const index = decodeTileIndex(blobs.get(pixels.index))
  if (index.format !== format)
    throw fault(
      'damaged',
      'A layer cannot be read.',
      `It holds ${index.format} pixels where ${format} is expected.`,
      'Go back in the history.',
    )
  return { format, x: pixels.x, y: pixels.y, tiles: index.tiles }
}

/** Writes the index of a grid. */
export function writeGrid(blobs: Blobs, grid: Grid): Pixels {
  return { index: blobs.put(encodeTileIndex(grid)), x: grid.x, y: grid.y }
}

/** Where a tile lies in the document. */
export function tileRect(grid: Pick<Grid, 'x' | 'y'>, column: number, row: number): Rect {
  return { x: grid.x + column * TILE, y: grid.y + row * TILE, width: TILE, height: TILE }
}

/** The part of the document that a grid has tiles for; null where it has none. */
export function gridBounds(grid: Grid): Rect | null {
  let bounds: Rect | null = null
  for (const key of grid.tiles.keys()) {
    const { column, row } = parseTileKey(key)
    bounds = unite(bounds, tileRect(grid, column, row))
  }
  return bounds
}

/** Columns and rows of the tiles of a grid that a document rectangle touches, row by row. */
export function* tilesOver(grid: Pick<Grid, 'x' | 'y'>, rect: Rect): Generator<{ column: number; row: number }> {
  const lastColumn = Math.floor((rect.x + rect.width - 1 - grid.x) / TILE)
  const lastRow = Math.floor((rect.y + rect.height - 1 - grid.y) / TILE)
  for (let row = Math.floor((rect.y - grid.y) / TILE); row <= lastRow; row++)
    for (let column = Math.floor((rect.x - grid.x) / TILE); column <= lastColumn; column++) yield { column, row }
}

/** Bytes of a tile. @throws FaultError `missing`, `damaged`. */
export function readTile(blobs: Blobs, id: BlobId, format: PixelFormat): Uint8Array {
  const bytes = blobs.get(id)
  if (bytes.length !== TILE * TILE * DEPTH[format])
    throw fault(
      'damaged',
      'A tile of a layer cannot be read.',
      `It has ${bytes.length} bytes, which is not its size.`,
      'Go back in the history.',
    )
  return bytes
}

/** Copies what two pictures of the same depth have in common; each lies at its own rectangle of one plane. */
export function copyInto(target: Uint8Array, targetRect: Rect, source: Uint8Array, sourceRect: Rect, depth: number): void {
  const shared = intersect(targetRect, sourceRect)
  if (!shared) return
  for (let y = shared.y; y < shared.y + shared.height; y++) {
    const from = ((y - sourceRect.y) * sourceRect.width + shared.x - sourceRect.x) * depth
    const to = ((y - targetRect.y) * targetRect.width + shared.x - targetRect.x) * depth
    target.set(source.subarray(from, from + shared.width * depth), to)
  }
}

/** Does no pixel of an `rgba8` picture show? */
export function isTransparent(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 0) return false
  return true
}

/** Reads a document rectangle of a grid as one `rgba8` picture, transparent where there is no tile. */
export async function readPicture(blobs: Blobs, grid: Grid, rect: Rect, signal: AbortSignal): Promise<Uint8Array> {
  const picture = new Uint8Array(rect.width * rect.height * 4)
  for (const { column, row } of tilesOver(grid, rect)) {
    const id = grid.tiles.get(tileKey(column, row))
    if (id === undefined) continue
    copyInto(picture, rect, readTile(blobs, id, 'rgba8'), tileRect(grid, column, row), 4)
    await breathe(signal)
  }
  return picture
}

/** Cuts an `rgba8` picture that lies at `rect` into the tiles of a grid with this origin, and writes them. */
export async function writePicture(
  blobs: Blobs,
  rgba: Uint8Array,
  rect: Rect,
  origin: Pick<Grid, 'x' | 'y'>,
  signal: AbortSignal,
): Promise<Pixels> {
  const tiles = new Map<string, BlobId>()
  for (const { column, row } of tilesOver(origin, rect)) {
    const tile = new Uint8Array(TILE * TILE * 4)
    copyInto(tile, tileRect(origin, column, row), rgba, rect, 4)
    if (!isTransparent(tile)) tiles.set(tileKey(column, row), blobs.put(tile))
    await breathe(signal)
  }
  return writeGrid(blobs, { format: 'rgba8', x: origin.x, y: origin.y, tiles })
}
