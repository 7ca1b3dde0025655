import { flatten } from '../flatten.ts'
import { encodePreview } from '../pictures/encode.ts'
import { atOnce } from './recipe.ts'

/** A small PNG of the whole picture. Layers are first shrunk to about twice its size: a stroke then costs only the tiles it changed. */
export const thumbnail = atOnce<'thumbnail'>(async ({ document, side }, { blobs, cache }, signal) => {
  const shrink = shrinkFor(Math.max(document.width, document.height), side)
  const blocks = flatten(document, { blobs, cache, shrink }, signal)
  let block = await blocks.next()
  while (!block.done) block = await blocks.next()
  return { type: 'thumbnail', blob: blobs.put(await encodePreview(block.value, side)) }
})

/** The greatest power of two, at most 256, that leaves the long side at least twice as long as wanted. */
function shrinkFor(long: number, side: number): number {
  let shrink = 1
  while (shrink < 256 && long / (2 * shrink) >= 2 * side) shrink *= 2
  return shrink
}
