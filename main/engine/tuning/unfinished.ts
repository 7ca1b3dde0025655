import { join } from 'node:path'
import { z } from 'zod'
import { forget, readKept, writeKept } from './store.ts'

/** A search that was stopped. */
export interface Unfinished<S> {
  /** Network calls it had made. */
  readonly calls: number
  readonly state: S
}

/** Milliseconds between two savings: what a sudden end may cost. */
const PAUSE = 1000

/** The place on the disk where a search keeps how far it is. */
export interface Bookmark<S> {
  /** Where it stopped, and what to tell of that; nothing where it is new. */
  readonly from: Unfinished<S> | null
  readonly notes: readonly string[]
  /** Keeps it, though not more often than once a second. */
  mark(unfinished: Unfinished<S>): Promise<void>
  /** Keeps the last mark, if that was not done yet. */
  settle(): Promise<void>
  /** The search is over. */
  remove(): Promise<void>
}

/**
 * Opens the bookmark of a search. One that was left by another search of the same name, or cannot be read, is overwritten.
 * @param key distinguishes searches: their settings, their model, what they stand on.
 */
export async function openBookmark<S>(folder: string, name: string, key: string, state: z.ZodType<S, unknown>): Promise<Bookmark<S>> {
  const file = `${name}.unfinished.json`
  const File = z.object({ version: z.literal(1), key: z.string(), calls: z.number().nonnegative(), state: z.unknown() })
  const kept = await readKept(join(folder, file), File)
  const { from, notes } = reading()
  let last: Unfinished<S> | null = null
  let saved = performance.now()
  const settle = async () => {
    if (!last) return
    const { calls, state: now } = last
    last = null
    saved = performance.now()
    await writeKept(folder, file, { version: 1, key, calls, state: now })
  }
  return {
    from,
    notes,
    async mark(unfinished) {
      last = unfinished
      if (performance.now() - saved >= PAUSE) await settle()
    },
    settle,
    async remove() {
      last = null
      await forget(folder, file)
    },
  }

  function reading(): Pick<Bookmark<S>, 'from' | 'notes'> {
    if (kept === null) return { from: null, notes: [] }
    const anew = (notes: string) => ({ from: null, notes: [notes] })
    const read = kept === 'damaged' ? null : state.safeParse(kept.state)
    if (kept === 'damaged' || !read?.success) return anew('What was kept of an unfinished search cannot be read: it was begun anew.')
    if (kept.key !== key) return anew('An unfinished search with other settings, or on what has changed since, was given up.')
    return { from: { calls: kept.calls, state: read.data }, notes: [] }
  }
}
