import { type PixelFormat, TILE } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { parseTileKey, type TileIndex, tileKey } from '../../preload/contract/tile-index.ts'
import { halved } from './tile-bitmap.ts'
import type { Tiles } from './tiles.ts'
import { MOST_LEVELS, type Point } from './viewport.ts'

/** A tile the page has painted itself and the studio has not stored yet. */
export interface WetTile {
  /** What is shown of it; null while the bytes below the paint are on their way. */
  readonly picture: CanvasImageSource | null
}

let lastVersion = 0
let lastSurface = 0

/**
 * One grid of tiles as it is shown, with its halvings: the pixels of a layer, or its mask.
 *
 * Level 0 holds the tiles themselves, level n tiles of 256 pixels that each stand for 256 × 2ⁿ. A version per tile and level
 * says whether something drawn from it is out of date. Wet tiles hide the stored ones until the studio has stored them too.
 */
export class Surface {
  readonly format: PixelFormat
  /** Alpha where there is no tile, 0..1. */
  readonly rest: number
  readonly #id = ++lastSurface
  readonly #tiles: Tiles
  readonly #versions = new Map<string, number>()
  readonly #wet = new Map<string, WetTile>()
  #index: TileIndex = { format: 'rgba8', tiles: new Map() }
  #origin: Point = { x: 0, y: 0 }
  #isReady = false
  #isCurrent = false

  constructor(tiles: Tiles, format: PixelFormat, rest = 0) {
    this.#tiles = tiles
    this.format = format
    this.rest = rest
  }

  /** False until the first index was shown. */
  get isReady(): boolean {
    return this.#isReady
  }
  /** False while a newer index is on its way. */
  get isCurrent(): boolean {
    return this.#isCurrent
  }
  /** Document position of tile (0, 0). */
  get origin(): Point {
    return this.#origin
  }
  /** The stored tiles that are shown now. */
  get index(): TileIndex {
    return this.#index
  }

  /** Shows other stored tiles. Only what differs becomes out of date. */
  show(index: TileIndex, origin: Point): void {
    const before = this.#index.tiles
    if (before !== index.tiles) this.#compare(before, index.tiles)
    this.#index = index
    this.#origin = origin
    this.#isReady = true
    this.#isCurrent = true
  }

  #compare(before: TileIndex['tiles'], after: TileIndex['tiles']): void {
    for (const [key, id] of after) if (before.get(key) !== id) this.#touch(key)
    for (const key of before.keys()) if (!after.has(key)) this.#touch(key)
  }

  /** What is shown is out of date; `show` follows. */
  expect(): void {
    this.#isCurrent = false
  }

  /** Shows a wet tile in place of the stored one, or what it holds now if it is shown already. */
  wet(key: string, tile: WetTile): void {
    this.#wet.set(key, tile)
    this.#touch(key)
  }

  /** Shows the stored tiles again. */
  dry(): void {
    for (const key of this.#wet.keys()) this.#touch(key)
    this.#wet.clear()
  }

  /** The stored bytes of a tile: null where there is none, undefined while they are on their way. */
  stored(key: string): Uint8Array<ArrayBuffer> | null | undefined {
    const id = this.#index.tiles.get(key)
    return id === undefined ? null : this.#tiles.bytes(id)
  }

  storedId(key: string): BlobId | undefined {
    return this.#index.tiles.get(key)
  }

  /** Changes whenever the tile looks different; 0 where there never was anything. */
  version(level: number, column: number, row: number): number {
    return this.#versions.get(`${level}/${column},${row}`) ?? 0
  }

  /** A tile to draw: null where there is none, undefined while it is on its way. */
  picture(level: number, column: number, row: number): CanvasImageSource | null | undefined {
    const version = this.version(level, column, row)
    if (version === 0) return null
    if (level === 0) return this.#leaf(tileKey(column, row))
    const key = `${this.#id}/${level}/${column},${row}`
    const known = this.#tiles.halvings.get(key)
    if (known?.version === version) return known.bitmap
    const a = this.picture(level - 1, 2 * column, 2 * row)
    const b = this.picture(level - 1, 2 * column + 1, 2 * row)
    const c = this.picture(level - 1, 2 * column, 2 * row + 1)
    const d = this.picture(level - 1, 2 * column + 1, 2 * row + 1)
    if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined
    if (!a && !b && !c && !d) return null
    const bitmap = halved([a, b, c, d], this.rest)
    this.#tiles.halvings.set(key, { bitmap, version }, 4 * TILE * TILE)
    return bitmap
  }

  #leaf(key: string): CanvasImageSource | null | undefined {
    const wet = this.#wet.get(key)
    if (wet) return wet.picture ?? undefined
    const id = this.#index.tiles.get(key)
    return id === undefined ? null : this.#tiles.bitmap(id, this.format)
  }

  #touch(key: string): void {
    let { column, row } = parseTileKey(key)
    const version = ++lastVersion
    for (let level = 0; level <= MOST_LEVELS; level++) {
      this.#versions.set(`${level}/${column},${row}`, version)
      column = Math.floor(column / 2)
      row = Math.floor(row / 2)
    }
  }
}
