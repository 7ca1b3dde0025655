import { createHash } from 'node:crypto'
import type { Draft } from '../../algorithms/editing.ts'

/** What a search depends on: numbers, and anything that JSON tells apart. */
export interface SearchKey {
  readonly arrays: readonly Float64Array[]
  readonly rest: unknown
}

interface Search {
  readonly key: string
  /** By object, as they came. */
  readonly drafts: Draft[][]
}

/** The last search that was not finished, for those who share sessions: it is gone when the engine is. */
const searches = new WeakMap<object, Search>()

/** The drafts of an unfinished search over the very same picture and words, by object; a list to add to. */
export function draftsOf(owner: object, { arrays, rest }: SearchKey, objects: number): readonly Draft[][] {
  const hash = createHash('sha256').update(JSON.stringify(rest))
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  const key = hash.digest('hex')
  const before = searches.get(owner)
  if (before?.key === key) return before.drafts
  const drafts = Array.from({ length: objects }, (): Draft[] => [])
  searches.set(owner, { key, drafts })
  return drafts
}

/** Nothing is left to go on with: the same edit is made anew from its beginning, and told as it was. */
export const finished = (owner: object): void => void searches.delete(owner)
