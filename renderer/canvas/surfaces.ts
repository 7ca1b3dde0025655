import type { Document, Layer, PixelFormat, Pixels } from '../../preload/contract/document.ts'
import type { BlobId, LayerId } from '../../preload/contract/ids.ts'
import { decodeTileIndex, type TileIndex } from '../../preload/contract/tile-index.ts'
import type { Sheet } from './compose.ts'
import { Surface } from './surface.ts'
import type { Tiles } from './tiles.ts'
import type { Point } from './viewport.ts'

/** What a surface shows of a layer: its pixels, its mask, or what its recipe was given. */
export type Role = 'pixels' | 'mask' | 'input'

/** Indices are small; undo and redo find the last ones here. */
const MOST_INDICES = 200
const STILL: Point = { x: 0, y: 0 }

/** The surfaces of a document. A surface keeps what it shows until the index of what it should show has come. */
export class Surfaces {
  readonly #tiles: Tiles
  readonly #changed: () => void
  readonly #surfaces = new Map<string, { readonly surface: Surface; wanted: BlobId | null }>()
  readonly #indices = new Map<BlobId, TileIndex>()
  /** Where gestures hold layers, as the position of tile (0, 0) of their pixels or mask. */
  readonly #held = new Map<LayerId, Point>()
  #document: Document | null = null

  /** @param changed called when an index has come and something looks different. */
  constructor(tiles: Tiles, changed: () => void) {
    this.#tiles = tiles
    this.#changed = changed
  }

  get(layer: LayerId, role: Role): Surface | null {
    return this.#surfaces.get(`${layer} ${role}`)?.surface ?? null
  }

  /** Shows a document. @param compared the layer whose input is shown as well. */
  show(document: Document, compared: LayerId | null): void {
    this.#document = document
    const before = new Set(this.#surfaces.keys())
    const keep = (layer: Layer, role: Role, pixels: Pixels | null, format: PixelFormat, rest: number) => {
      const key = `${layer.id} ${role}`
      before.delete(key)
      this.#show(key, pixels, format, rest)
    }
    for (const layer of document.layers) {
      keep(layer, 'pixels', layer.pixels, 'rgba8', 0)
      if (layer.mask) keep(layer, 'mask', layer.mask.pixels, 'r8', layer.mask.rest / 255)
      if (layer.recipe && layer.id === compared) keep(layer, 'input', layer.recipe.input, 'rgba8', 0)
    }
    for (const key of before) this.#surfaces.delete(key)
  }

  /**
   * Holds a layer's tile (0, 0) at a document position, whatever the document says; null lets it go.
   * A place and not a distance, so that nothing jumps when the document arrives there too.
   */
  hold(layer: LayerId, at: Point | null): void {
    if (at) this.#held.set(layer, at)
    else this.#held.delete(layer)
  }

  /** Where a layer's tile (0, 0) is shown now. */
  placeOf(layer: LayerId): Point {
    return this.#held.get(layer) ?? this.get(layer, 'pixels')?.origin ?? STILL
  }

  /**
   * The layers as they are drawn, bottom first.
   * @param compared the layer the divider stands on: it is shown even if it is hidden, and others made of the same input are not.
   * @param side what is drawn of that layer: `input` left of the divider, `pixels` right of it.
   */
  sheets(compared: LayerId | null, side: 'pixels' | 'input'): Sheet[] {
    const layers = this.#document?.layers ?? []
    const input = layers.find(({ id }) => id === compared)?.recipe?.input?.index
    return layers.map((layer) => {
      const isCompared = layer.id === compared
      const isTwin = !isCompared && input !== undefined && layer.recipe?.input?.index === input
      return {
        layer,
        isVisible: isCompared || (layer.visible && !isTwin),
        pixels: this.get(layer.id, isCompared ? side : 'pixels'),
        mask: layer.mask?.enabled ? this.get(layer.id, 'mask') : null,
        shift: this.#shift(layer.id),
      }
    })
  }

  #shift(layer: LayerId): Point {
    const held = this.#held.get(layer)
    const origin = this.get(layer, 'pixels')?.origin
    return held && origin ? { x: held.x - origin.x, y: held.y - origin.y } : STILL
  }

  #show(key: string, pixels: Pixels | null, format: PixelFormat, rest: number): void {
    let known = this.#surfaces.get(key)
    // A mask that was taken away and given again with another rest is another mask.
    if (known && known.surface.rest !== rest) known = undefined
    if (!known) {
      known = { surface: new Surface(this.#tiles, format, rest), wanted: null }
      this.#surfaces.set(key, known)
    }
    const { surface } = known
    known.wanted = pixels?.index ?? null
    if (!pixels) {
      surface.show({ format, tiles: new Map() }, STILL)
      return
    }
    const index = this.#indices.get(pixels.index)
    if (index) {
      surface.show(index, pixels)
      return
    }
    surface.expect()
    const current = known
    this.#load(pixels.index).then(
      (loaded) => {
        if (current.wanted !== pixels.index || this.#surfaces.get(key) !== current) return
        surface.show(loaded, pixels)
        this.#changed()
      },
      () => {},
    )
  }

  async #load(id: BlobId): Promise<TileIndex> {
    const index = decodeTileIndex(await this.#tiles.load(id))
    this.#indices.set(id, index)
    for (const oldest of this.#indices.keys()) {
      if (this.#indices.size <= MOST_INDICES) break
      this.#indices.delete(oldest)
    }
    return index
  }
}
