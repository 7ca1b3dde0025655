import { create } from 'zustand'
import type { Document } from '../../preload/contract/document.ts'
import type { Job, ProjectState } from '../../preload/contract/event.ts'
import type { JobId, LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { useProject } from './project.ts'

/** One of several tries with different seeds. */
export interface Draft {
  readonly method: string
  readonly seed: number
  readonly job: JobId | null
  /** It ended without a picture, as the one who asked for it was told. */
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

/** Tries that wait for a choice, of each picture its own. */
const useStore = create<{ readonly of: Readonly<Record<ProjectId, Drafts>> }>()(() => ({ of: {} }))

/** The drafts of the project in front; null where there are none to choose from. */
export function useDrafts(): Drafts | null {
  const project = useProject(({ active }) => active)
  return useStore(({ of }) => (project && of[project]) ?? null)
}

export const draftsOf = (project: ProjectId): Drafts | null => useStore.getState().of[project] ?? null

/** Puts drafts in place of a project's; null takes them away. */
export function setDrafts(project: ProjectId, drafts: Drafts | null): void {
  const { [project]: _, ...others } = useStore.getState().of
  useStore.setState({ of: drafts ? { ...others, [project]: drafts } : others })
}

export const subscribeDrafts = (listener: () => void): (() => void) => useStore.subscribe(listener)

/** The layer a draft became; null while it has not. */
export function layerOf({ known }: Drafts, { method, seed }: Draft, document: Document): LayerId | null {
  return document.layers.findLast(({ id, recipe }) => !known.has(id) && recipe?.seed === seed && recipe.method === method)?.id ?? null
}

/** The place in the list of the draft that is shown; -1 while none has landed. */
export function shownOf(drafts: Drafts, document: Document): number {
  // Layers are listed bottom first, and what lands later lies above.
  const places = drafts.list.map((draft) => document.layers.findIndex(({ id }) => id === layerOf(drafts, draft, document)))
  if (drafts.chosen !== null && (places[drafts.chosen] ?? -1) >= 0) return drafts.chosen
  const top = Math.max(...places)
  return top < 0 ? -1 : places.indexOf(top)
}

/** How far a draft is; `undone`: it was there, and the history stands where it is not. */
export type DraftState = 'landed' | 'running' | 'waiting' | 'failed' | 'cancelled' | 'undone'

const ENDS: Readonly<Partial<Record<Job['status'], DraftState>>> = {
  running: 'running',
  done: 'undone',
  failed: 'failed',
  interrupted: 'failed',
  cancelled: 'cancelled',
}

export function stateOf(drafts: Drafts, draft: Draft, { document, jobs }: Pick<ProjectState, 'document' | 'jobs'>): DraftState {
  if (layerOf(drafts, draft, document)) return 'landed'
  const job = jobs.find(({ id }) => id === draft.job)
  if (job) return ENDS[job.status] ?? 'waiting'
  if (draft.failed) return 'failed'
  // A job that is on the list no more has ended, and left nothing here.
  return draft.job === null ? 'waiting' : 'undone'
}

/** Is there nothing left to choose, nor to wait for, nor to bring back by going through the history? */
export const areLost = (drafts: Drafts, state: Pick<ProjectState, 'document' | 'jobs'>): boolean =>
  drafts.list.every((draft) => ['failed', 'cancelled'].includes(stateOf(drafts, draft, state)))
