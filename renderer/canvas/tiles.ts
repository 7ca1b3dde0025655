import { type PixelFormat, TILE } from '../../preload/contract/document.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { ByteCache } from './byte-cache.ts'
import { tileBitmap } from './tile-bitmap.ts'

const MEBIBYTE = 2 ** 20
/** Bytes as they came; painting starts from them. */
const RAW_BUDGET = 192 * MEBIBYTE
/** Tiles as they are drawn. */
const BITMAP_BUDGET = 128 * MEBIBYTE
/** Halvings: all those of ten layers of 12 megapixels, so that stepping back from a detail fetches nothing again. */
const HALVING_BUDGET = 192 * MEBIBYTE
/** A browser opens six connections to a host. */
const MOST_FETCHES = 6
/** Milliseconds until a blob that could not be fetched is asked for again. */
const RETRY_AFTER = 1500
/** Milliseconds for which arrivals are gathered before they are told. */
const TELL_EVERY = 30

/** Where tiles come from: fetched by their hash, kept within a budget, asked for in the order in which they are needed. */
export class Tiles {
  readonly #urlOf: (id: BlobId) => string
  readonly #arrived: () => void
  readonly #raw = new ByteCache<BlobId, Uint8Array<ArrayBuffer>>(RAW_BUDGET)
  readonly #bitmaps = new ByteCache<BlobId, ImageBitmap>(BITMAP_BUDGET, (bitmap) => bitmap.close())
  /** Halvings, by surface and place. */
  readonly halvings = new ByteCache<string, { readonly bitmap: ImageBitmap; readonly version: number }>(HALVING_BUDGET, ({ bitmap }) =>
    bitmap.close(),
  )
  readonly #fetches = new Map<BlobId, AbortController>()
  /** Blobs somebody awaits; these are fetched whatever is visible. */
  readonly #awaited = new Map<BlobId, PromiseWithResolvers<Uint8Array<ArrayBuffer>>>()
  readonly #failed = new Map<BlobId, number>()
  #wanted = new Set<BlobId>()
  #telling: ReturnType<typeof setTimeout> | undefined
  #closed = false

  /** @param arrived called whenever bytes came in. */
  constructor(urlOf: (id: BlobId) => string, arrived: () => void) {
    this.#urlOf = urlOf
    this.#arrived = arrived
  }

  /** A frame begins: what it asks for in vain is wanted, in that order, and nothing else. */
  begin(): void {
    this.#wanted = new Set()
  }

  /**
   * The frame ends: fetches nobody wants any more are given up, the first of the wanted ones begin.
   * @param isPartial the frame ran out of time before it could ask for everything: nothing is given up.
   */
  end(isPartial = false): void {
    if (!isPartial) for (const [id, controller] of this.#fetches) if (!this.#wanted.has(id) && !this.#awaited.has(id)) controller.abort()
    this.#raw.trim()
    this.#bitmaps.trim()
    this.halvings.trim()
    this.#fetchNext()
  }

  /** A tile's bytes if they are here; otherwise it is wanted. */
  bytes(id: BlobId): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#raw.get(id)
    if (!bytes) this.#wanted.add(id)
    return bytes
  }

  /** A tile ready to be drawn (masks as alpha) if it is here; otherwise it is wanted. */
  bitmap(id: BlobId, format: PixelFormat): ImageBitmap | undefined {
    const known = this.#bitmaps.get(id)
    if (known) return known
    const bytes = this.bytes(id)
    if (!bytes) return undefined
    const bitmap = tileBitmap(bytes, format)
    this.#bitmaps.set(id, bitmap, 4 * TILE * TILE)
    return bitmap
  }

  /** Bytes the page has made itself and the studio has stored under this name. */
  seed(id: BlobId, bytes: Uint8Array<ArrayBuffer>): void {
    this.#raw.set(id, bytes, bytes.byteLength)
  }

  /** Any blob's bytes, fetched before whatever is only wanted. Rejects when this is closed. */
  load(id: BlobId): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.#raw.get(id)
    if (bytes) return Promise.resolve(bytes)
    let awaited = this.#awaited.get(id)
    if (!awaited) {
      awaited = Promise.withResolvers()
      awaited.promise.catch(() => {})
      this.#awaited.set(id, awaited)
      this.#fetchNext()
    }
    return awaited.promise
  }

  close(): void {
    this.#closed = true
    for (const controller of this.#fetches.values()) controller.abort()
    for (const { reject } of this.#awaited.values()) reject(new DOMException('The picture was closed.', 'AbortError'))
    this.#awaited.clear()
    this.#raw.clear()
    this.#bitmaps.clear()
    this.halvings.clear()
  }

  #fetchNext(): void {
    if (this.#closed) return
    const now = performance.now()
    for (const id of [...this.#awaited.keys(), ...this.#wanted]) {
      if (this.#fetches.size >= MOST_FETCHES) return
      if (this.#fetches.has(id) || this.#raw.has(id) || (this.#failed.get(id) ?? 0) > now) continue
      const controller = new AbortController()
      this.#fetches.set(id, controller)
      void this.#fetch(id, controller)
    }
  }

  async #fetch(id: BlobId, controller: AbortController): Promise<void> {
    try {
      const response = await fetch(this.#urlOf(id), { signal: controller.signal })
      if (!response.ok) throw new Error(`The studio answered ${response.status}.`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      this.#failed.delete(id)
      this.#raw.set(id, bytes, bytes.byteLength)
      this.#awaited.get(id)?.resolve(bytes)
      this.#awaited.delete(id)
    } catch {
      if (!controller.signal.aborted) {
        // The studio may be restarting; the picture that is shown stays meanwhile.
        this.#failed.set(id, performance.now() + RETRY_AFTER)
        setTimeout(() => this.#tell(), RETRY_AFTER + 1)
      }
    } finally {
      this.#fetches.delete(id)
      if (!this.#closed) {
        this.#fetchNext()
        if (this.#raw.has(id)) this.#tell()
      }
    }
  }

  /** A frame for every tile would take the time that the tiles need. */
  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      if (!this.#closed) this.#arrived()
    }, TELL_EVERY)
  }
}
