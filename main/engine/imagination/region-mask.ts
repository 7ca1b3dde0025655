import { type Mask, type Pixels, TILE } from '../../../preload/contract/document.ts'
import type { PlacedRegion } from '../../../preload/contract/region.ts'
import { tileKey } from '../../../preload/contract/tile-index.ts'
import { intersect, type Rect } from '../../math/rect.ts'
import type { Blobs } from '../../store/blobs.ts'
import { breathe, paced } from '../breathe.ts'
import type { Size } from '../diffusion/unet.ts'
import type { TileCache } from '../tile-cache.ts'
import { copyInto, type Grid, gridBounds, readGrid, readTile, tileRect, tilesOver } from '../tiles.ts'
import { expectPixels } from './frame.ts'
import { type Point, polygonRaster, rectangleRaster } from './rasters.ts'
import { enlarged, findThing } from './thing.ts'

/** What a region covers: the least rectangle that holds it, and how much of each of its pixels, 0..255. */
export interface RegionMask {
  readonly rect: Rect
  readonly mask: Uint8Array
}

/** Where regions are looked up. */
export interface RegionContext extends Size {
  readonly blobs: Blobs
  readonly cache: TileCache
  /** The layer worked on; a thing is looked for in it. */
  readonly pixels: Pixels | null
}

/**
 * What a region covers within the document; null where that is nothing.
 * @throws FaultError `invalid` (too large, a thing without a layer), `missing`, `damaged`.
 */
export async function regionMask(region: PlacedRegion, context: RegionContext, signal: AbortSignal): Promise<RegionMask | null> {
  const document = { x: 0, y: 0, width: context.width, height: context.height }
  switch (region.from) {
    case 'rectangle':
      return await within(outwards(region), document, (area) => rectangleRaster(region, area, signal), signal)
    case 'polygon':
      return await within(aroundPoints(region.points), document, (area) => polygonRaster(region.points, area, signal), signal)
    case 'thing': {
      const found = await findThing(region, context, signal)
      const small = await tightened(found, signal)
      return small && (await tightened(await enlarged(small, found, document, signal), signal))
    }
    case 'pixels': {
      const { pixels, mask } = region
      if (!pixels) return null
      const grid = readGrid(context.blobs, pixels, 'rgba8')
      const stored = gridBounds(grid)
      const area = stored && intersect(stored, document)
      if (!area) return null
      expectSize(area)
      return await tightened({ rect: area, mask: await opacityOver(context.blobs, grid, mask, area, signal) }, signal)
    }
    default:
      return region satisfies never
  }
}

async function within(
  shown: Rect,
  document: Rect,
  raster: (area: Rect) => Promise<Uint8Array>,
  signal: AbortSignal,
): Promise<RegionMask | null> {
  const area = intersect(shown, document)
  if (!area) return null
  expectSize(area)
  return await tightened({ rect: area, mask: await raster(area) }, signal)
}

/** The whole pixels that a rectangle touches. */
function outwards({ x, y, width, height }: Rect): Rect {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  return { x: left, y: top, width: Math.ceil(x + width) - left, height: Math.ceil(y + height) - top }
}

function aroundPoints(points: readonly Point[]): Rect {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [x, y] of points) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return outwards({ x: left, y: top, width: right - left, height: bottom - top })
}

/** The same with rows and columns that nothing covers taken off at its edges; null where nothing is covered at all. */
async function tightened({ rect, mask }: RegionMask, signal: AbortSignal): Promise<RegionMask | null> {
  const rest = paced(signal)
  let [left, top, right, bottom] = [rect.width, -1, -1, -1]
  for (let y = 0; y < rect.height; y++) {
    const [start, end] = [y * rect.width, (y + 1) * rect.width]
    let first = start
    while (first < end && mask[first] === 0) first++
    await rest()
    if (first === end) continue
    let last = end - 1
    while (mask[last] === 0) last--
    if (top < 0) top = y
    bottom = y
    left = Math.min(left, first - start)
    right = Math.max(right, last - start)
  }
  if (top < 0) return null
  if (right - left + 1 === rect.width && bottom - top + 1 === rect.height) return { rect, mask }
  const tight = { x: rect.x + left, y: rect.y + top, width: right - left + 1, height: bottom - top + 1 }
  const part = new Uint8Array(tight.width * tight.height)
  copyInto(part, tight, mask, rect, 1)
  return { rect: tight, mask: part }
}

/** How opaque a layer is over a document rectangle, times what its mask reveals, 0..255: tile by tile, so that only the result is large. */
async function opacityOver(blobs: Blobs, grid: Grid, mask: Mask | null, area: Rect, signal: AbortSignal): Promise<Uint8Array> {
  const reveals = mask?.enabled ? { grid: readGrid(blobs, mask.pixels, 'r8'), rest: mask.rest } : null
  const opacity = new Uint8Array(area.width * area.height)
  for (const { column, row } of tilesOver(grid, area)) {
    const id = grid.tiles.get(tileKey(column, row))
    if (id === undefined) continue
    const rgba = readTile(blobs, id, 'rgba8')
    const place = tileRect(grid, column, row)
    const revealed = reveals && maskOver(blobs, reveals.grid, reveals.rest, place)
    const tile = new Uint8Array(TILE * TILE)
    for (let i = 0, at = 3; i < tile.length; i++, at += 4)
      tile[i] = revealed ? Math.round(((rgba[at] as number) * (revealed[i] as number)) / 255) : (rgba[at] as number)
    copyInto(opacity, area, tile, place, 1)
    await breathe(signal)
  }
  return opacity
}

/** What a mask reveals of the place of a tile. */
function maskOver(blobs: Blobs, grid: Grid, rest: number, place: Rect): Uint8Array {
  const revealed = new Uint8Array(place.width * place.height).fill(rest)
  for (const { column, row } of tilesOver(grid, place)) {
    const id = grid.tiles.get(tileKey(column, row))
    if (id !== undefined) copyInto(revealed, place, readTile(blobs, id, 'r8'), tileRect(grid, column, row), 1)
  }
  return revealed
}

/** Cuts what a region covers into tiles of `r8` from the document's corner on; uncovered ones are left out. */
export function* tilesOfMask({ rect, mask }: RegionMask): Generator<readonly [key: string, tile: Uint8Array], void> {
  const origin = { x: 0, y: 0 }
  for (const { column, row } of tilesOver(origin, rect)) {
    const tile = new Uint8Array(TILE * TILE)
    copyInto(tile, tileRect(origin, column, row), mask, rect, 1)
    if (tile.some((value) => value !== 0)) yield [tileKey(column, row), tile]
  }
}

const expectSize = (rect: Rect) => expectPixels(rect, 'The region is too large.', 'It')
