import type { ProjectState } from '../../preload/contract/event.ts'
import type { ProjectId } from '../../preload/contract/ids.ts'
import { type Drafts, draftsOf, layerOf, setDrafts, subscribeDrafts } from './drafts.ts'
import { anchorAt, anchorOf } from './frames.ts'
import { type KeptPicture, readKept, type Storage, writeKept } from './kept-pictures.ts'
import { isQuiet, numbered, objectsOf, setObjects, setQuiet, subscribeObjects } from './objects.ts'
import { useProject } from './project.ts'

/** Milliseconds of rest before what was changed is kept: words are typed faster. */
const REST = 400

/** What there is to keep of a project; null where there is nothing. @param now milliseconds since 1970. */
export function keptOf(project: ProjectId, now: number): KeptPicture | null {
  const revision = anchorOf(project)
  const drafts = draftsOf(project)
  const objects = objectsOf(project)
  if (revision === null || (objects.length === 0 && !drafts)) return null
  return {
    at: now,
    revision,
    objects: objects.map(({ id: _, outline, ...rest }) => ({ ...rest, outline: outline?.map((line) => [...line]) ?? null })),
    quiet: isQuiet(project),
    drafts: drafts && { base: drafts.base, known: [...drafts.known], list: [...drafts.list], chosen: drafts.chosen },
  }
}

/** Brings back what was kept of a project, as far as it still means something. */
export function bringBack({ file, document, jobs, revisions }: ProjectState, kept: KeptPicture): void {
  const project = file.id
  const isThere = (layer: string) => document.layers.some(({ id }) => id === layer)
  const objects = kept.objects.filter(({ region }) => region.from !== 'layer' || isThere(region.layer))
  if (objects.length > 0 && revisions.some(({ id }) => id === kept.revision)) {
    // What was asked for and not answered is asked for again.
    setObjects(
      objects.map((object) => numbered({ ...object, toldFor: object.outline && object.toldFor })),
      project,
    )
    setQuiet(kept.quiet, project)
    anchorAt(project, kept.revision)
  }
  if (!kept.drafts) return
  const drafts: Drafts = {
    ...kept.drafts,
    project,
    known: new Set(kept.drafts.known),
    // Nobody waits for it any more: what never became a job never will.
    list: kept.drafts.list.map((draft) => ({ ...draft, failed: draft.failed || draft.job === null })),
  }
  const isAlive = drafts.list.some(
    (draft) =>
      layerOf(drafts, draft, document) !== null ||
      jobs.some(({ id, status }) => id === draft.job && (status === 'queued' || status === 'running')),
  )
  if (isAlive) setDrafts(project, drafts)
}

/**
 * Keeps objects and drafts of every open project, and brings them back when one is opened again: after a reload, or another day.
 * @returns how to end that; what waits to be kept is kept.
 */
export function keepPictures(storage: Storage): () => void {
  const seen = new Set<ProjectId>()
  /** What was kept last, to write only what has changed. */
  const written = new Map<ProjectId, string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const write = () => {
    clearTimeout(timer)
    timer = undefined
    for (const project of seen) {
      const picture = keptOf(project, Date.now())
      const text = JSON.stringify(picture && { ...picture, at: 0 })
      if (text === written.get(project)) continue
      written.set(project, text)
      writeKept(storage, project, picture)
    }
  }
  const wait = () => {
    timer ??= setTimeout(write, REST)
  }
  const look = () => {
    for (const state of useProject.getState().open) {
      const { id } = state.file
      if (seen.has(id)) continue
      seen.add(id)
      // A tab that was closed and is opened again has what it had.
      const kept = objectsOf(id).length === 0 && !draftsOf(id) ? readKept(storage, id) : null
      if (kept) bringBack(state, kept)
    }
    const open = new Set(useProject.getState().open.map(({ file }) => file.id))
    const closed = [...seen].filter((project) => !open.has(project))
    if (closed.length === 0) return
    write()
    for (const project of closed) seen.delete(project)
  }
  const endings = [useProject.subscribe(look), subscribeObjects(wait), subscribeDrafts(wait)]
  const hidden = () => {
    if (document.visibilityState === 'hidden') write()
  }
  globalThis.document?.addEventListener('visibilitychange', hidden)
  globalThis.window?.addEventListener('pagehide', write)
  look()
  return () => {
    for (const end of endings) end()
    globalThis.document?.removeEventListener('visibilitychange', hidden)
    globalThis.window?.removeEventListener('pagehide', write)
    write()
  }
}
