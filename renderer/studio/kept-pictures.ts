import { z } from 'zod'
import { BlobId, JobId, LayerId, type ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { Region, Words } from '../../preload/contract/region.ts'
import { HUES, MOST_OBJECTS } from './objects.ts'

/** Before the id of a project. */
const PREFIX = 'palimpsest.picture.'
/** Pictures of which anything is kept: the ones that were worked on last. */
export const MOST_PICTURES = 24
/** Letters that may be kept of one picture, and of all: a page's storage holds some five million. */
const MOST_LETTERS = 400_000
const MOST_LETTERS_IN_ALL = 2_000_000

const Outline = z.array(z.array(z.number()).max(40_000)).max(1000)

const KeptObject = z.object({
  region: Region,
  becomes: Words,
  hue: z
    .int()
    .min(0)
    .max(HUES - 1),
  outline: Outline.nullable(),
  toldFor: z.string().max(MOST_LETTERS).nullable(),
  foundIn: z.object({ layer: LayerId, pixels: BlobId }).nullable(),
})

const KeptDrafts = z.object({
  base: RevisionId,
  known: z.array(LayerId).max(10_000),
  list: z
    .array(z.object({ method: z.string().max(100), seed: z.int().nonnegative(), job: JobId.nullable(), failed: z.boolean() }))
    .min(1)
    .max(32),
  chosen: z.int().nonnegative().nullable(),
})

/** What the page alone knows of a picture, as it is kept from one visit to the next. */
export const KeptPicture = z.object({
  /** Milliseconds since 1970: the oldest are forgotten first. */
  at: z.int(),
  /** In whose coordinates the objects are. */
  revision: RevisionId,
  objects: z.array(KeptObject).max(MOST_OBJECTS),
  /** Do the objects step aside? */
  quiet: z.boolean(),
  drafts: KeptDrafts.nullable(),
})
export type KeptPicture = z.infer<typeof KeptPicture>

/** The part of a page's storage that is needed; `localStorage` is one. */
export type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** What is kept of a picture; null where nothing is, or nothing that this studio understands: that is forgotten. */
export function readKept(storage: Storage, project: ProjectId): KeptPicture | null {
  const key = PREFIX + project
  try {
    const text = storage.getItem(key)
    if (text === null) return null
    if (text.length <= MOST_LETTERS) return KeptPicture.parse(JSON.parse(text))
  } catch {
    // It is of another studio, or somebody else's.
  }
  forget(storage, key)
  return null
}

/** Keeps what the page knows of a picture, in place of what was kept; null keeps nothing. Older pictures make room. */
export function writeKept(storage: Storage, project: ProjectId, picture: KeptPicture | null): void {
  const key = PREFIX + project
  const text = picture && JSON.stringify(picture)
  if (text === null || text.length > MOST_LETTERS) {
    forget(storage, key)
    return
  }
  let room = MOST_LETTERS_IN_ALL - text.length
  const others = keptKeys(storage).filter((other) => other.key !== key)
  for (const [place, other] of others.entries()) {
    room -= other.letters
    if (place >= MOST_PICTURES - 1 || room < 0) forget(storage, other.key)
  }
  try {
    storage.setItem(key, text)
  } catch {
    // The storage is full of other things, or closed: nothing is kept, and nothing old in its place.
    forget(storage, key)
  }
}

/** What is kept, newest first. */
function keptKeys(storage: Storage): { readonly key: string; readonly letters: number; readonly at: number }[] {
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter((key) => key?.startsWith(PREFIX))
  return keys
    .flatMap((key) => {
      const text = key && storage.getItem(key)
      return key && text ? [{ key, letters: text.length, at: Number(/"at":(\d+)/.exec(text.slice(0, 60))?.[1] ?? 0) }] : []
    })
    .sort((a, b) => b.at - a.at)
}

function forget(storage: Storage, key: string): void {
  try {
    storage.removeItem(key)
  } catch {
    // A storage that is closed keeps nothing.
  }
}
