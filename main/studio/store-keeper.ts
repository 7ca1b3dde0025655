import { rmSync } from 'node:fs'
import type { BlobId } from '../../preload/contract/ids.ts'
import { decodeTileIndex } from '../../preload/contract/tile-index.ts'
import type { ProjectStore } from '../store/project-file.ts'

/** A store in use: the engine is writing to it. Disposing says that it has finished. */
export interface BorrowedStore extends Disposable {
  readonly path: string
  /** Brings blobs that were written here to where the project lives now. An index brings its tiles. */
  adopt(ids: readonly BlobId[]): void
}

/** The file a project lives in, and those it has just left that somebody still works in. */
export class StoreKeeper {
  #current: ProjectStore
  readonly #users = new Map<ProjectStore, number>()
  #waiters: (() => void)[] = []
  /** Stores the project has left → delete the file too? */
  readonly #left = new Map<ProjectStore, boolean>()

  constructor(store: ProjectStore) {
    this.#current = store
  }

  get current(): ProjectStore {
    return this.#current
  }

  /** Somebody will work in the file as it is now. */
  borrow(): BorrowedStore {
    const store = this.#current
    this.#users.set(store, (this.#users.get(store) ?? 0) + 1)
    return {
      path: store.path,
      adopt: (ids) => {
        if (store !== this.#current) for (const id of ids) adopt(id, store, this.#current)
      },
      [Symbol.dispose]: () => {
        this.#users.set(store, this.#users.get(store)! - 1)
        this.#leaveIfIdle(store)
        for (const wake of this.#waiters.splice(0)) wake()
      },
    }
  }

  /** The project lives in `next` from now on; the file before is closed once nobody works in it, and deleted where it was the studio's own. */
  moveTo(next: ProjectStore, deleteOld: boolean): void {
    const old = this.#current
    this.#current = next
    this.#left.set(old, deleteOld)
    this.#leaveIfIdle(old)
  }

  /** As stored, here or in a file the project is about to leave. */
  stored(id: BlobId): { readonly zstd: Uint8Array; readonly bytes: number } | null {
    for (const store of [this.#current, ...this.#left.keys()]) {
      const found = store.blobs.stored(id)
      if (found) return found
    }
    return null
  }

  /** Resolves when nobody works in any of the files. */
  async idle(): Promise<void> {
    while ([...this.#users.values()].some((users) => users > 0)) await new Promise<void>((resolve) => this.#waiters.push(resolve))
  }

  close(): void {
    for (const store of [...this.#left.keys()]) this.#leave(store)
    this.#current[Symbol.dispose]()
  }

  #leaveIfIdle(store: ProjectStore) {
    if (this.#left.has(store) && !this.#users.get(store)) this.#leave(store)
  }

  #leave(store: ProjectStore) {
    const isOurs = this.#left.get(store)
    this.#left.delete(store)
    this.#users.delete(store)
    store[Symbol.dispose]()
    if (isOurs) deleteProject(store.path)
  }
}

function adopt(id: BlobId, from: ProjectStore, to: ProjectStore) {
  if (to.blobs.has(id)) return
  const bytes = from.blobs.get(id)
  if (Buffer.from(bytes.subarray(0, 4)).toString() === 'PTI1')
    for (const tile of decodeTileIndex(bytes).tiles.values()) adopt(tile, from, to)
  to.blobs.put(bytes)
}

/** Deletes a project file nobody has open, and what SQLite keeps beside it. */
export function deleteProject(path: string): void {
  for (const end of ['', '-wal', '-shm', '-lock']) {
    try {
      rmSync(path + end, { force: true })
    } catch {
      // Somebody still holds it open; left behind it takes space and harms nothing.
    }
  }
}
