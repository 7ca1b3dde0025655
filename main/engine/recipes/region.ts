import type { BlobId } from '../../../preload/contract/ids.ts'
import { breathe } from '../breathe.ts'
import { regionMask, tilesOfMask } from '../imagination/region-mask.ts'
import { maskPng } from '../pictures/mask-png.ts'
import { writeGrid } from '../tiles.ts'
import { atOnce } from './recipe.ts'

/** What a region covers: as a mask, and as a picture of the document's size. Both may be empty. */
export const region = atOnce<'region'>(async ({ pixels, width, height, region: shown }, { blobs, cache }, signal) => {
  const covered = await regionMask(shown, { pixels, width, height, blobs, cache }, signal)
  const tiles = new Map<string, BlobId>()
  for (const [key, tile] of covered ? tilesOfMask(covered) : []) {
    tiles.set(key, blobs.put(tile))
    await breathe(signal)
  }
  const blob = blobs.put(await maskPng(covered, { width, height }, signal))
  return { type: 'region', mask: { pixels: writeGrid(blobs, { format: 'r8', x: 0, y: 0, tiles }), rest: 0, enabled: true }, blob }
})
