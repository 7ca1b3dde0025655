import { type Mask, type Pixels, TILE } from '../../../preload/contract/document.ts'
import type { PlacedRegion } from '../../../preload/contract/region.ts'
import { tileKey } from '../../../preload/contract/tile-index.ts'
import { intersect, type Rect } from '../../math/rect.ts'
import type { Blobs } from '../../store/blobs.ts'
import { breathe } from '../breathe.ts'
import type { Size } from '../diffusion/unet.ts'
import type { TileCache } from '../tile-cache.ts'
import { copyInto, gridBounds, readGrid, readPicture, readTile, tileRect, tilesOver } from '../tiles.ts'
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
      return within(outwards(region), document, (area) => rectangleRaster(region, area))
    case 'polygon':
      return within(aroundPoints(region.points), document, (area) => polygonRaster(region.points, area))
    case 'thing': {
      const found = await findThing(region, context, signal)
      const small = tightened(found)
      return small && tightened(await enlarged(small, found, document, signal))
    }
    case 'pixels': {
      const { pixels, mask } = region
      if (!pixels) return null
      const grid = readGrid(context.blobs, pixels, 'rgba8')
      const stored = gridBounds(grid)
      const area = stored && intersect(stored, document)
      if (!area) return null
      expectSize(area)
      const rgba = await readPicture(context.blobs, grid, area, signal)
      const reveals = mask?.enabled ? await readMask(context.blobs, mask, area, signal) : null
      const alpha = new Uint8Array(area.width * area.height)
      for (let i = 0; i < alpha.length; i++)
        alpha[i] = reveals ? Math.round(((rgba[4 * i + 3] as number) * (reveals[i] as number)) / 255) : (rgba[4 * i + 3] as number)
      return tightened({ rect: area, mask: alpha })
    }
    default:
      return region satisfies never
  }
}

function within(shown: Rect, document: Rect, raster: (area: Rect) => Uint8Array): RegionMask | null {
  const area = intersect(shown, document)
  if (!area) return null
  expectSize(area)
  return tightened({ rect: area, mask: raster(area) })
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
function tightened({ rect, mask }: RegionMask): RegionMask | null {
  let [left, top, right, bottom] = [rect.width, -1, -1, -1]
  for (let y = 0; y < rect.height; y++)
    for (let x = 0; x < rect.width; x++) {
      if (mask[y * rect.width + x] === 0) continue
      if (top < 0) top = y
      bottom = y
      if (x < left) left = x
      if (x > right) right = x
    }
  if (top < 0) return null
  const tight = { x: rect.x + left, y: rect.y + top, width: right - left + 1, height: bottom - top + 1 }
  const part = new Uint8Array(tight.width * tight.height)
  copyInto(part, tight, mask, rect, 1)
  return { rect: tight, mask: part }
}

/** A document rectangle of a mask. */
async function readMask(blobs: Blobs, { pixels, rest }: Mask, rect: Rect, signal: AbortSignal): Promise<Uint8Array> {
  const grid = readGrid(blobs, pixels, 'r8')
  const picture = new Uint8Array(rect.width * rect.height).fill(rest)
  for (const { column, row } of tilesOver(grid, rect)) {
    const id = grid.tiles.get(tileKey(column, row))
    if (id === undefined) continue
    copyInto(picture, rect, readTile(blobs, id, 'r8'), tileRect(grid, column, row), 1)
    await breathe(signal)
  }
  return picture
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
