import { type Document, type Layer, type PixelFormat, type Pixels, TILE } from '../../preload/contract/document.ts'
import { tileKey } from '../../preload/contract/tile-index.ts'
import { gatherInto, unpremultiplyInto } from '../math/composite.ts'
import type { Rect } from '../math/rect.ts'
import type { Blobs } from '../store/blobs.ts'
import { breathe } from './breathe.ts'
import type { Flat } from './pictures/encode.ts'
import type { TileCache } from './tile-cache.ts'
import { copyInto, DEPTH, readGrid } from './tiles.ts'

/** Where the tiles come from, and how much smaller than the document the picture shall be. */
export interface FlattenOptions {
  readonly blobs: Blobs
  readonly cache: TileCache
  /** A power of two, 1..256. Layers are shrunk before they are blended: exact at 1, close otherwise. */
  readonly shrink: number
}

/**
 * Lays the layers of a document on each other, bottom first, block by block; hidden ones are left out.
 * Yields the share done, 0..1. @throws FaultError `missing`, `damaged`.
 */
export async function* flatten(
  { width, height, layers }: Pick<Document, 'width' | 'height' | 'layers'>,
  options: FlattenOptions,
  signal: AbortSignal,
): AsyncGenerator<number, Flat, void> {
  const size = { width: Math.ceil(width / options.shrink), height: Math.ceil(height / options.shrink) }
  const area: Rect = { x: 0, y: 0, ...size }
  const stack = layers.filter((layer) => layer.visible && layer.opacity > 0).flatMap((layer) => sheetsOf(layer, options))
  const rgba = new Uint8Array(size.width * size.height * 4)
  for (let y = 0; y < size.height; y += TILE) {
    for (let x = 0; x < size.width; x += TILE) {
      const block = flattenBlock({ x, y, width: TILE, height: TILE }, stack)
      if (block) copyInto(rgba, area, block, { x, y, width: TILE, height: TILE }, 4)
      await breathe(signal)
    }
    yield Math.min(1, (y + TILE) / size.height)
  }
  return { rgba, ...size }
}

/** A layer ready to be read in blocks. */
interface Sheet {
  readonly layer: Layer
  readonly colors: BlockReader
  readonly mask: BlockReader | null
  readonly rest: number
}

/** Pixels of a rectangle, or null where the grid has no tile under it. */
type BlockReader = (rect: Rect) => Uint8Array | null

function sheetsOf(layer: Layer, options: FlattenOptions): Sheet[] {
  if (!layer.pixels) return []
  const mask = layer.mask?.enabled ? layer.mask : null
  return [
    {
      layer,
      colors: blockReader(layer.pixels, 'rgba8', 0, options),
      mask: mask && blockReader(mask.pixels, 'r8', mask.rest, options),
      rest: mask?.rest ?? 255,
    },
  ]
}

function flattenBlock(rect: Rect, stack: readonly Sheet[]): Uint8Array | null {
  let gathered: Float32Array | null = null
  for (const { layer, colors, mask, rest } of stack) {
    const source = colors(rect)
    if (!source) continue
    gathered ??= new Float32Array(TILE * TILE * 4)
    gatherInto(gathered, source, { blend: layer.blend, opacity: layer.opacity, mask: mask?.(rect) ?? null, rest })
  }
  if (!gathered) return null
  const block = new Uint8Array(TILE * TILE * 4)
  unpremultiplyInto(block, gathered)
  return block
}

function blockReader(pixels: Pixels, format: PixelFormat, rest: number, { blobs, cache, shrink }: FlattenOptions): BlockReader {
  const grid = readGrid(blobs, pixels, format)
  const left = Math.round(grid.x / shrink)
  const top = Math.round(grid.y / shrink)
  const side = TILE / shrink
  return (rect) => {
    let block: Uint8Array | null = null
    const firstColumn = Math.floor((rect.x - left) / side)
    const lastColumn = Math.floor((rect.x + rect.width - 1 - left) / side)
    const lastRow = Math.floor((rect.y + rect.height - 1 - top) / side)
    for (let row = Math.floor((rect.y - top) / side); row <= lastRow; row++)
      for (let column = firstColumn; column <= lastColumn; column++) {
        const id = grid.tiles.get(tileKey(column, row))
        if (id === undefined) continue
        block ??= new Uint8Array(rect.width * rect.height * DEPTH[format]).fill(rest)
        const tile = cache.read(blobs, id, format, shrink)
        copyInto(block, rect, tile, { x: left + column * side, y: top + row * side, width: side, height: side }, DEPTH[format])
      }
    return block
  }
}
