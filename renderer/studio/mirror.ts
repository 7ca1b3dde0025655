import type { ProjectState, Revision, StudioEvent } from '../../preload/contract/event.ts'

const replaced = <T extends { readonly id: unknown }>(list: readonly T[], item: T): T[] =>
  list.some(({ id }) => id === item.id) ? list.map((other) => (other.id === item.id ? item : other)) : [...list, item]

const added = (revisions: readonly Revision[], revision: Revision | null): Revision[] =>
  revision ? replaced(revisions, revision) : [...revisions]

/** The project as it is after an event; null once it is closed. Pure. */
export function mirror(state: ProjectState, event: StudioEvent): ProjectState | null {
  switch (event.type) {
    case 'project.opened':
      return event.state
    case 'head.moved':
      return {
        ...state,
        head: event.head,
        document: event.document,
        branches: event.branches,
        revisions: added(state.revisions, event.added),
      }
    case 'revision.changed':
      return { ...state, revisions: replaced(state.revisions, event.revision) }
    case 'branches.changed':
      return { ...state, branches: event.branches }
    case 'job.changed':
      return { ...state, jobs: replaced(state.jobs, event.job) }
    case 'job.removed':
      return { ...state, jobs: state.jobs.filter(({ id }) => id !== event.job) }
    case 'file.changed':
      return { ...state, file: event.file }
    case 'engine.changed':
      return { ...state, engine: event.engine }
    case 'project.closed':
      return null
    default:
      return event satisfies never
  }
}
