import type { CommandOf } from '../../preload/contract/command.ts'
import type { Job, ProjectState } from '../../preload/contract/event.ts'
import type { LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { announce } from '../design/announcer.tsx'
import { areLost, type Draft, type Drafts, draftsOf, layerOf, setDrafts, shownOf } from '../studio/drafts.ts'
import { useNotices } from '../studio/notices.ts'
import { run, useProject, veil } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'
import { project } from './active.ts'

type Settling = CommandOf<'history.jump'> | CommandOf<'layer.remove'>

/** Runs the same thing with different seeds; what comes of it is compared before one is kept. Earlier drafts stay as they are: layers. */
export async function startDrafts(
  commands: readonly CommandOf<'picture.imagine'>[],
  onJob: (seed: number) => (job: Job) => void,
): Promise<void> {
  const state = project()
  if (!state) return
  const drafts: Drafts = {
    project: state.file.id,
    base: state.head.revision,
    known: new Set(state.document.layers.map(({ id }) => id)),
    list: commands.map(({ method, seed }) => ({ method, seed, job: null, failed: false })),
    chosen: null,
  }
  setDrafts(drafts.project, drafts)
  await Promise.all(
    commands.map(async (command) => {
      const done = await run(command, state.file.id, {
        onJob: (job) => {
          change(drafts, command.seed, { job: job.id })
          onJob(command.seed)(job)
        },
      })
      if (!done) change(drafts, command.seed, { failed: true })
    }),
  )
  closeLost(state.file.id, drafts)
}

/** Puts a set of drafts away once nothing can come of it any more, unless others have taken its place. */
export function closeLost(project: ProjectId, { known }: Drafts): void {
  const drafts = draftsOf(project)
  const state = useProject.getState().open.find(({ file }) => file.id === project)
  if (drafts?.known === known && state && areLost(drafts, state)) closeDrafts(project)
}

/** Changes one of a set of drafts, unless others have taken its place: the list of what was known is each set's own. */
function change({ project, known }: Drafts, seed: number, part: Partial<Draft>): void {
  const drafts = draftsOf(project)
  if (drafts?.known !== known) return
  setDrafts(project, { ...drafts, list: drafts.list.map((draft) => (draft.seed === seed ? { ...draft, ...part } : draft)) })
}

function closeDrafts(project: ProjectId): void {
  setDrafts(project, null)
  if (useProject.getState().active === project) veil([])
}

/** The drafts of the project in front; null where there are none to choose from. */
export function openDrafts(): { readonly drafts: Drafts; readonly state: ProjectState } | null {
  const state = project()
  const drafts = state && draftsOf(state.file.id)
  return drafts && { drafts, state }
}

/** Shows the next draft that has landed, or the one before. */
export function compareDrafts(by: 1 | -1): void {
  const open = openDrafts()
  if (!open) return
  const { drafts, state } = open
  const count = drafts.list.length
  const at = shownOf(drafts, state.document)
  for (let step = 1; step <= count; step++) {
    const next = (at + by * step + 2 * count) % count
    const draft = drafts.list[next]
    if (!draft || !layerOf(drafts, draft, state.document)) continue
    showDraft(next)
    return
  }
}

export function showDraft(chosen: number): void {
  const drafts = openDrafts()?.drafts
  const draft = drafts?.list[chosen]
  if (!drafts || !draft) return
  setDrafts(drafts.project, { ...drafts, chosen })
  announce(words.drafts.shown(draft.seed))
}

/** Keeps the draft that is shown and puts the others away. */
export async function acceptDraft(): Promise<void> {
  const open = openDrafts()
  if (!open) return
  const { drafts, state } = open
  const shown = drafts.list[shownOf(drafts, state.document)]
  const kept = shown ? layerOf(drafts, shown, state.document) : null
  if (kept) await settle(open, kept)
}

/** Cancels what has not ended; where all have, puts them away. */
export async function discardDrafts(): Promise<void> {
  const open = openDrafts()
  if (!open) return
  if (!(await cancelRest(open))) await settle(open, null)
}

async function settle(open: NonNullable<ReturnType<typeof openDrafts>>, kept: LayerId | null): Promise<void> {
  await cancelRest(open)
  // Another project may have come to the front meanwhile.
  const state = useProject.getState().open.find(({ file }) => file.id === open.drafts.project) ?? open.state
  closeDrafts(open.drafts.project)
  for (const command of settling(state, open.drafts, kept)) if (!(await run(command, state.file.id))) break
  if (kept) useView.getState().setLayer(kept)
}

async function cancelRest({ drafts, state }: NonNullable<ReturnType<typeof openDrafts>>): Promise<boolean> {
  const alive = state.jobs.filter(
    ({ id, status }) => (status === 'queued' || status === 'running') && drafts.list.some(({ job }) => job === id),
  )
  // The last first, so that none of them begins meanwhile.
  for (const { id } of alive.toReversed()) await run({ type: 'job.cancel', job: id }, state.file.id)
  if (alive.length > 0 && drafts.list.every((draft) => !layerOf(drafts, draft, state.document)))
    useNotices.getState().tell({ tone: 'plain', what: words.drafts.none })
  return alive.length > 0
}

/**
 * What keeps one draft and puts the others away, in as few revisions as possible: where nothing else has happened since, the history
 * goes back to the draft that is kept (or to before the first), and only those that landed earlier are removed.
 */
export function settling({ head, revisions, jobs, document }: ProjectState, drafts: Drafts, kept: LayerId | null): Settling[] {
  const landed = drafts.list
    .flatMap((draft) => {
      const layer = layerOf(drafts, draft, document)
      return layer ? [{ layer, revision: jobs.find(({ id }) => id === draft.job)?.revision ?? null }] : []
    })
    .sort((a, b) => (a.revision ?? 0) - (b.revision ?? 0))
  const remove = (list: readonly { readonly layer: LayerId }[]) =>
    list.filter(({ layer }) => layer !== kept).map(({ layer }): Settling => ({ type: 'layer.remove', layer }))

  const path: RevisionId[] = []
  for (let at = revisions.find(({ id }) => id === head.revision); at && at.id !== drafts.base; ) {
    path.push(at.id)
    const { parent } = at
    at = revisions.find(({ id }) => id === parent)
  }
  const isAlone =
    landed.length > 0 && path.length === landed.length && landed.every(({ revision }) => revision !== null && path.includes(revision))
  if (!isAlone) return remove(landed)
  const place = landed.findIndex(({ layer }) => layer === kept)
  const target = landed[place]?.revision ?? drafts.base
  const jump: Settling[] = target === head.revision ? [] : [{ type: 'history.jump', revision: target }]
  return [...jump, ...remove(landed.slice(0, Math.max(0, place)))]
}
