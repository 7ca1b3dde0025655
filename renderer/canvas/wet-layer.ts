import { intersect, type Rect, unite } from '../../main/math/rect.ts'
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
  /** Base and coats together. In `rgba8` these are the bytes of `image`. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly image: ImageData
  readonly board: ReturnType<typeof board>
  /** What was painted since it was last shown, in pixels of the tile. */
  dirty: Rect | null
  /** False until `bytes` hold the base. */
  isFilled: boolean
}

const WHOLE: Rect = { x: 0, y: 0, width: TILE, height: TILE }

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
        const inTile = { ...rect, x: rect.x - x - column * TILE, y: rect.y - y - row * TILE }
        tile.dirty = unite(tile.dirty, intersect(inTile, WHOLE))
      }
  }

  /** Paints what was touched and shows it. @returns the rectangle of the document that looks different, if any. */
  flush(): Rect | null {
    let changed: Rect | null = null
    for (const [key, tile] of this.#wet) {
      if (!tile.dirty) continue
      if (tile.base === undefined) tile.base = this.#surface.stored(key)
      if (tile.base === undefined) continue
      const { x: left, y: top, width, height } = this.#paint(key, tile, tile.dirty)
      tile.dirty = null
      if (this.#surface.format === 'r8') tileImage(tile.bytes, 'r8', tile.image)
      tile.board.context.putImageData(tile.image, 0, 0, left, top, width, height)
      this.#surface.wet(key, { picture: tile.board.canvas })
      const { column, row } = parseTileKey(key)
      const { x, y } = this.#surface.origin
      changed = unite(changed, { x: column * TILE + x, y: row * TILE + y, width: TILE, height: TILE })
    }
    return changed
  }

  /** False while bytes below the paint are on their way. */
  get isPainted(): boolean {
    return [...this.#wet.values()].every(({ dirty }) => !dirty)
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
      tile.dirty = WHOLE
    }
  }

  /** Shows the stored tiles again. */
  dry(): void {
    this.#surface.dry()
    this.#wet.clear()
  }

  #moisten(key: string): WetTile {
    const image = new ImageData(TILE, TILE)
    const tile: WetTile = {
      base: this.#surface.stored(key),
      coats: [],
      bytes: this.#surface.format === 'rgba8' ? new Uint8Array(image.data.buffer) : new Uint8Array(TILE * TILE),
      image,
      board: board(TILE, TILE),
      dirty: null,
      isFilled: false,
    }
    this.#wet.set(key, tile)
    return tile
  }

  /** @returns what of the tile has changed. */
  #paint(key: string, tile: WetTile, dirty: Rect): Rect {
    const { bytes, coats } = tile
    const base = tile.base ?? null
    const coated = coats.flatMap(({ stroke, brush }) => {
      const coverage = stroke.coverage.get(key)
      return coverage ? [{ coverage, brush }] : []
    })
    const region = tile.isFilled && coated.length > 0 ? dirty : WHOLE
    if (region === WHOLE) {
      if (base) bytes.set(base)
      else bytes.fill(255 * this.#surface.rest)
      tile.isFilled = true
    }
    coated.forEach(({ coverage, brush }, i) => {
      const below = i === 0 ? base : bytes
      if (this.#surface.format === 'rgba8') paintTileInto(bytes, below, coverage, brush.color, brush.opacity, brush.erase, region)
      else paintMaskTileInto(bytes, below, 255 * this.#surface.rest, coverage, brush.opacity, brush.erase, region)
    })
    return region
  }
}

/** Finished coats become part of the base, so that a new stroke pays for itself only. */
function settleInto(tile: WetTile): void {
  if (tile.base === undefined || tile.dirty || tile.coats.length === 0) return
  tile.base = tile.bytes.slice()
  tile.coats = []
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<BlobId> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') as BlobId
}
