import { create } from 'zustand'
import type { Document } from '../../preload/contract/document.ts'
import type { JobId, LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'

/** One of several tries with different seeds. */
export interface Draft {
  readonly method: string
  readonly seed: number
  readonly job: JobId | null
  /** It ended without a picture. */
  readonly failed: boolean
}

/** Tries of the same thing, to choose one of. */
export interface Drafts {
  readonly project: ProjectId
  /** Where the history stood before the first. */
  readonly base: RevisionId
  /** Layers that were there before; what is new with a draft's seed is the draft. */
  readonly known: ReadonlySet<LayerId>
  readonly list: readonly Draft[]
  /** The one that the artist compares; null: whichever landed last. */
  readonly chosen: number | null
}

/** What the page alone knows: after a reload the drafts are layers like others. */
export const useDrafts = create<{ readonly drafts: Drafts | null }>()(() => ({ drafts: null }))

/** The layer a draft became; null while it has not. */
export function layerOf({ known }: Drafts, { method, seed }: Draft, document: Document): LayerId | null {
  return document.layers.findLast(({ id, recipe }) => !known.has(id) && recipe?.seed === seed && recipe.method === method)?.id ?? null
}

/** The place in the list of the draft that is shown; -1 while none has landed. */
export function shownOf(drafts: Drafts, document: Document): number {
  if (drafts.chosen !== null) return drafts.chosen
  // Layers are listed bottom first, and what lands later lies above.
  const places = drafts.list.map((draft) => document.layers.findIndex(({ id }) => id === layerOf(drafts, draft, document)))
  const top = Math.max(...places)
  return top < 0 ? -1 : places.indexOf(top)
}
