import type { Document, Layer } from '../../preload/contract/document.ts'
import type { ProjectState, Revision } from '../../preload/contract/event.ts'
import type { ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { shiftObjects } from './objects.ts'
import { documentOf, useProject } from './project.ts'
import { useView } from './view.ts'

/** How far what lies in a picture has moved because its frame was changed, in document pixels. */
export interface Shift {
  readonly dx: number
  readonly dy: number
}

/** A change of the frame on the way from one revision to another. */
export interface FrameStep {
  readonly revision: RevisionId
  readonly parent: RevisionId
  /** Is it undone on that way? */
  readonly back: boolean
}

/** The changes of the frame between two revisions: those undone, then those done, along the history. */
export function framesBetween(revisions: readonly Revision[], from: RevisionId, to: RevisionId): FrameStep[] {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]))
  const line = (id: RevisionId): Revision[] => {
    const list: Revision[] = []
    for (let at = byId.get(id); at; at = at.parent === null ? undefined : byId.get(at.parent)) list.push(at)
    return list
  }
  const [before, after] = [line(from), line(to)]
  const shared = new Set(after.filter((revision) => before.includes(revision)))
  const steps = (list: readonly Revision[], back: boolean): FrameStep[] =>
    list
      .filter((revision) => !shared.has(revision) && revision.command === 'document.frame')
      .flatMap(({ id, parent }) => (parent === null ? [] : [{ revision: id, parent, back }]))
  return [...steps(before, true), ...steps(after, false).reverse()]
}

/**
 * How far a change of the frame has moved what lies in the picture, as the layers tell that it was applied to.
 * Null where none of them has pixels, a mask, or something it was made from.
 */
export function shiftOf(before: Document, after: Document): Shift | null {
  for (const layer of before.layers) {
    const [old, now] = [cornerOf(layer), cornerOf(after.layers.find(({ id }) => id === layer.id))]
    if (old && now) return { dx: now.x - old.x, dy: now.y - old.y }
  }
  return null
}

const cornerOf = (layer: Layer | undefined) => layer?.pixels ?? layer?.mask?.pixels ?? layer?.recipe?.input ?? null

/** What changes of the frame have moved, by project and revision: history never changes, so it is learned once. */
const known = new Map<ProjectId, Map<RevisionId, Shift>>()
/** The revision in whose coordinates a project's objects are held. */
const anchors = new Map<ProjectId, RevisionId>()

const shiftsOf = (project: ProjectId): Map<RevisionId, Shift> => {
  const shifts = known.get(project) ?? new Map<RevisionId, Shift>()
  known.set(project, shifts)
  return shifts
}

/** The revision in whose coordinates a project's objects are held; null while it is not open. */
export const anchorOf = (project: ProjectId): RevisionId | null => anchors.get(project) ?? null

/** Tells in which revision's coordinates a project's objects are held, where that is not where it was opened. */
export function anchorAt(project: ProjectId, revision: RevisionId): void {
  anchors.set(project, revision)
  follow(project)
}

/** Tells what a change of the frame has moved, for whoever has asked for it: an empty picture cannot. */
export function learnFrame(project: ProjectId, revision: RevisionId, shift: Shift): void {
  shiftsOf(project).set(revision, shift)
  follow(project)
}

/**
 * Keeps objects over what they were shown on, whichever way the history goes: done, undone or jumped over.
 * @returns how to end that.
 */
export function followFrames(): () => void {
  const look = ({ open }: { readonly open: readonly ProjectState[] }, before: { readonly open: readonly ProjectState[] } | null) => {
    for (const state of open) {
      const { id } = state.file
      const last = before?.open.find(({ file }) => file.id === id)
      if (last && last.head.revision !== state.head.revision) learn(last, state)
      if (!anchors.has(id)) anchors.set(id, state.head.revision)
      else if (anchors.get(id) !== state.head.revision) follow(id)
    }
  }
  look(useProject.getState(), null)
  return useProject.subscribe(look)
}

/** A single step forth or back shows both documents: nothing needs to be asked for. */
function learn(before: ProjectState, after: ProjectState): void {
  const [step, ...others] = framesBetween(after.revisions, before.head.revision, after.head.revision)
  if (!step || others.length > 0) return
  const [from, to] = step.back ? [step.revision, step.parent] : [step.parent, step.revision]
  if (from !== before.head.revision || to !== after.head.revision) return
  const shift = shiftOf(before.document, after.document)
  if (shift) shiftsOf(after.file.id).set(step.revision, step.back ? { dx: -shift.dx, dy: -shift.dy } : shift)
}

/** Moves a project's objects to where its head is now, as soon as it is known how far. */
function follow(project: ProjectId): void {
  const state = useProject.getState().open.find(({ file }) => file.id === project)
  const anchor = anchors.get(project)
  if (!state || anchor === undefined) return
  const shifts = shiftsOf(project)
  const steps = framesBetween(state.revisions, anchor, state.head.revision)
  const unknown = steps.filter(({ revision }) => !shifts.has(revision))
  if (unknown.length > 0) {
    void ask(project, unknown)
    return
  }
  anchors.set(project, state.head.revision)
  const sum = steps.reduce(
    ({ dx, dy }, { revision, back }) => {
      const shift = shifts.get(revision) as Shift
      return back ? { dx: dx - shift.dx, dy: dy - shift.dy } : { dx: dx + shift.dx, dy: dy + shift.dy }
    },
    { dx: 0, dy: 0 },
  )
  const isInFront = useProject.getState().active === project
  // A frame in hand was drawn over another picture.
  if (steps.length > 0 && isInFront) useView.getState().setFrame(null)
  if (sum.dx === 0 && sum.dy === 0) return
  shiftObjects(sum, project)
  if (isInFront) useView.getState().requestZoom(sum)
}

const asking = new Set<ProjectId>()

async function ask(project: ProjectId, steps: readonly FrameStep[]): Promise<void> {
  if (asking.has(project)) return
  asking.add(project)
  const shifts = shiftsOf(project)
  try {
    for (const { revision, parent } of steps) {
      const [before, after] = await Promise.all([documentOf(project, parent), documentOf(project, revision)])
      if (shifts.has(revision)) continue
      // They stay where they are until the history moves again and the studio answers.
      if (!before || !after) return
      // Where no layer tells, there is nothing in the picture that an object could have been shown on.
      shifts.set(revision, shiftOf(before, after) ?? { dx: 0, dy: 0 })
    }
  } finally {
    asking.delete(project)
  }
  follow(project)
}
