import type { BlobId } from '../../../preload/contract/ids.ts'
import { orAbort } from '../breathe.ts'
import { regionMask, tilesOfMask } from '../imagination/region-mask.ts'
import { encodeMask } from '../pictures/encode.ts'
import { copyInto, writeGrid } from '../tiles.ts'
import { atOnce } from './recipe.ts'

/** What a region covers: as a mask, and as a picture of the document's size. Both may be empty. */
export const region = atOnce<'region'>(async ({ pixels, width, height, region: shown }, { blobs, cache }, signal) => {
  const covered = await regionMask(shown, { pixels, width, height, blobs, cache }, signal)
  const tiles = new Map<string, BlobId>()
  const whole = new Uint8Array(width * height)
  if (covered) {
    for (const [key, tile] of tilesOfMask(covered)) tiles.set(key, blobs.put(tile))
    copyInto(whole, { x: 0, y: 0, width, height }, covered.mask, covered.rect, 1)
  }
  const blob = blobs.put(await orAbort(encodeMask(whole, { width, height }), signal))
  return { type: 'region', mask: { pixels: writeGrid(blobs, { format: 'r8', x: 0, y: 0, tiles }), rest: 0, enabled: true }, blob }
})
