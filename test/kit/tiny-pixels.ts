import type { Blobs } from '../../main/store/blobs.ts'
import { type Pixels, TILE } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { encodeTileIndex, tileKey } from '../../preload/contract/tile-index.ts'

/** A rectangle in one colour. */
export function filled(blobs: Blobs, width: number, height: number, color: number[]): Pixels {
  const tiles = new Map<string, BlobId>()
  for (let row = 0; row * TILE < height; row++)
    for (let column = 0; column * TILE < width; column++) {
      const bytes = new Uint8Array(TILE * TILE * 4)
      for (let y = 0; y < Math.min(TILE, height - row * TILE); y++)
        for (let x = 0; x < Math.min(TILE, width - column * TILE); x++) bytes.set(color, 4 * (y * TILE + x))
      tiles.set(tileKey(column, row), blobs.put(bytes))
    }
  return { index: blobs.put(encodeTileIndex({ format: 'rgba8', tiles })), x: 0, y: 0 }
}
