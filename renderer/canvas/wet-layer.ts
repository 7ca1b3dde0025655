import { type Rect, unite } from '../../main/math/rect.ts'
import { paintMaskTileInto, paintTileInto, type Stroke } from '../../main/math/stroke.ts'
import type { Brush } from '../../preload/contract/command.ts'
import { TILE } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { parseTileKey } from '../../preload/contract/tile-index.ts'
import type { Surface } from './surface.ts'
import { board, tileImage } from './tile-bitmap.ts'
import type { Tiles } from './tiles.ts'

/** One stroke on a tile, on top of those before it. */
interface Coat {
  readonly stroke: Stroke
  readonly brush: Brush
}

interface WetTile {
  /** Below the coats; null is a tile that is not stored, undefined one that is on its way. */
  base: Uint8Array | null | undefined
  coats: Coat[]
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly image: ImageData
  readonly board: ReturnType<typeof board>
  /** Painted since it was last shown. */
  isDirty: boolean
}

/** The page's own copies of the tiles it paints on, until the studio has stored the same. One per surface. */
export class WetLayer {
  readonly #surface: Surface
  readonly #tiles: Tiles
  readonly #wet = new Map<string, WetTile>()

  constructor(surface: Surface, tiles: Tiles) {
    this.#surface = surface
    this.#tiles = tiles
  }

  get surface(): Surface {
    return this.#surface
  }

  /** A stroke has touched a rectangle of the document: the tiles there take it as their topmost coat. */
  touch(coat: Coat, rect: Rect): void {
    const { x, y } = this.#surface.origin
    for (let row = Math.floor((rect.y - y) / TILE); row * TILE + y < rect.y + rect.height; row++)
      for (let column = Math.floor((rect.x - x) / TILE); column * TILE + x < rect.x + rect.width; column++) {
        const key = `${column},${row}`
        const tile = this.#wet.get(key) ?? this.#moisten(key)
        if (tile.coats.at(-1)?.stroke !== coat.stroke) {
          settleInto(tile)
          tile.coats.push(coat)
        }
        tile.isDirty = true
      }
  }

  /** Paints what was touched and shows it. @returns the rectangle of the document that looks different, if any. */
  flush(): Rect | null {
    let changed: Rect | null = null
    for (const [key, tile] of this.#wet) {
      if (!tile.isDirty) continue
      if (tile.base === undefined) tile.base = this.#surface.stored(key)
      if (tile.base === undefined) continue
      this.#paint(key, tile)
      tile.isDirty = false
      tile.board.context.putImageData(tileImage(tile.bytes, this.#surface.format, tile.image), 0, 0)
      this.#surface.wet(key, { picture: tile.board.canvas })
      const { column, row } = parseTileKey(key)
      const { x, y } = this.#surface.origin
      changed = unite(changed, { x: column * TILE + x, y: row * TILE + y, width: TILE, height: TILE })
    }
    return changed
  }

  /** False while bytes below the paint are on their way. */
  get isPainted(): boolean {
    return [...this.#wet.values()].every(({ isDirty }) => !isDirty)
  }

  /**
   * Hands every wet tile whose bytes the studio has stored over as it is, and fetches those that differ.
   * @returns the tiles that differ: none, unless a stroke was refused or painted differently.
   */
  async reconcile(): Promise<string[]> {
    const differing: string[] = []
    const waits: Promise<unknown>[] = []
    for (const [key, tile] of this.#wet) {
      const id = this.#surface.storedId(key)
      if (id === undefined) {
        if (tile.bytes.some((byte) => byte !== 255 * this.#surface.rest)) differing.push(key)
      } else if ((await hashOf(tile.bytes)) === id) this.#tiles.seed(id, tile.bytes.slice())
      else {
        differing.push(key)
        waits.push(this.#tiles.load(id))
      }
    }
    await Promise.allSettled(waits)
    return differing
  }

  /** Takes a stroke off again. */
  peel(stroke: Stroke): void {
    for (const tile of this.#wet.values()) {
      if (tile.coats.at(-1)?.stroke !== stroke) continue
      tile.coats.pop()
      tile.isDirty = true
    }
  }

  /** Shows the stored tiles again. */
  dry(): void {
    this.#surface.dry()
    this.#wet.clear()
  }

  #moisten(key: string): WetTile {
    const tile: WetTile = {
      base: this.#surface.stored(key),
      coats: [],
      bytes: new Uint8Array((this.#surface.format === 'rgba8' ? 4 : 1) * TILE * TILE),
      image: new ImageData(TILE, TILE),
      board: board(TILE, TILE),
      isDirty: true,
    }
    this.#wet.set(key, tile)
    return tile
  }

  #paint(key: string, tile: WetTile): void {
    const { bytes, coats } = tile
    let base = tile.base ?? null
    for (const { stroke, brush } of coats) {
      const coverage = stroke.coverage.get(key)
      if (!coverage) continue
      if (this.#surface.format === 'rgba8') paintTileInto(bytes, base, coverage, brush.color, brush.opacity, brush.erase)
      else paintMaskTileInto(bytes, base, 255 * this.#surface.rest, coverage, brush.opacity, brush.erase)
      base = bytes
    }
    // No coat reached the tile after all: it looks as it did.
    if (base === bytes) return
    if (base) bytes.set(base)
    else bytes.fill(255 * this.#surface.rest)
  }
}

/** Finished coats become part of the base, so that a new stroke pays for itself only. */
function settleInto(tile: WetTile): void {
  if (tile.base === undefined || tile.isDirty || tile.coats.length === 0) return
  tile.base = tile.bytes.slice()
  tile.coats = []
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<BlobId> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') as BlobId
}
