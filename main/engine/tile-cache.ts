import { type PixelFormat, TILE } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import type { Blobs } from '../store/blobs.ts'
import { readTile } from './tiles.ts'

/** Most bytes of tiles kept at hand. */
const LIMIT = 64 * 2 ** 20

/** Tiles read lately, whole or shrunk. They are named by what they hold, so they stay true whatever project asks. */
export class TileCache {
  readonly #kept = new Map<string, Uint8Array>()
  #bytes = 0

  /** A tile with each side divided by `shrink`, a power of two up to 256. @throws FaultError `missing`, `damaged`. */
  read(blobs: Blobs, id: BlobId, format: PixelFormat, shrink: number): Uint8Array {
    const key = `${id}/${shrink}`
    const kept = this.#kept.get(key)
    if (kept) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept
    }
    const whole = readTile(blobs, id, format)
    const tile = shrink === 1 ? whole : format === 'rgba8' ? shrinkColors(whole, shrink) : shrinkMask(whole, shrink)
    this.#kept.set(key, tile)
    this.#bytes += tile.length
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= LIMIT) break
      this.#kept.delete(oldest)
      this.#bytes -= length
    }
    return tile
  }
}

/** Mean of each square of pixels, weighted by alpha: what is transparent has no colour to add. */
function shrinkColors(tile: Uint8Array, shrink: number): Uint8Array {
  const side = TILE / shrink
  const small = new Uint8Array(side * side * 4)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      let red = 0
      let green = 0
      let blue = 0
      let alpha = 0
      for (let dy = 0; dy < shrink; dy++) {
        let at = 4 * ((y * shrink + dy) * TILE + x * shrink)
        for (const end = at + 4 * shrink; at < end; at += 4) {
          const a = tile[at + 3] as number
          red += (tile[at] as number) * a
          green += (tile[at + 1] as number) * a
          blue += (tile[at + 2] as number) * a
          alpha += a
        }
      }
      if (alpha > 0)
        small.set([red / alpha + 0.5, green / alpha + 0.5, blue / alpha + 0.5, alpha / (shrink * shrink) + 0.5], 4 * (y * side + x))
    }
  return small
}

function shrinkMask(tile: Uint8Array, shrink: number): Uint8Array {
  const side = TILE / shrink
  const small = new Uint8Array(side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      let sum = 0
      for (let dy = 0; dy < shrink; dy++) {
        const at = (y * shrink + dy) * TILE + x * shrink
        for (let i = at; i < at + shrink; i++) sum += tile[i] as number
      }
      small[y * side + x] = sum / (shrink * shrink) + 0.5
    }
  return small
}
