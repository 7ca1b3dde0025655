import { describe, expect, test } from 'vitest'
import type { Job, ProjectState, Revision } from '../../preload/contract/event.ts'
import type { BranchId, JobId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { mirror } from '../../renderer/studio/mirror.ts'

const revision = (id: number, label = `step ${id}`): Revision => ({
  id: id as RevisionId,
  parent: id === 1 ? null : ((id - 1) as RevisionId),
  branch: 1 as BranchId,
  command: 'layer.add',
  label,
  at: 0,
  thumbnail: null,
  version: null,
  rerunnable: false,
})

const job = (id: number, status: Job['status']): Job => ({
  id: id as JobId,
  label: 'Restoring',
  command: 'layer.restore',
  status,
  progress: null,
  fault: null,
  revision: null,
  createdAt: 0,
  endedAt: null,
})

const head = (id: number) => ({ branch: 1 as BranchId, revision: id as RevisionId, canUndo: id > 1, canRedo: false })
const branches = (tip: number) => [{ id: 1 as BranchId, name: 'Main', tip: tip as RevisionId }]
const document = (width: number) => ({ width, height: 10, layers: [], profile: null, exif: null })

const start: ProjectState = {
  file: { id: crypto.randomUUID() as ProjectId, title: 'Sea', path: null, readOnly: false, notes: [] },
  head: head(1),
  document: document(10),
  revisions: [revision(1)],
  branches: branches(1),
  jobs: [],
  engine: { status: 'ready', provider: null, why: '', memory: { used: 0, budget: 1 } },
}

describe('the page’s copy of a project', () => {
  test('a new revision moves the head and is added once', () => {
    const moved = { type: 'head.moved', head: head(2), document: document(20), added: revision(2), branches: branches(2) } as const
    const once = mirror(start, moved)
    expect(once).toEqual({ ...start, head: head(2), document: document(20), revisions: [revision(1), revision(2)], branches: branches(2) })
    expect(once && mirror(once, moved)).toEqual(once)
  })

  test('a move within what has happened adds nothing', () => {
    const moved = mirror(start, { type: 'head.moved', head: head(1), document: document(10), added: null, branches: branches(1) })
    expect(moved).toEqual(start)
  })

  test('a changed revision takes the place of the one it was', () => {
    const flagged = { ...revision(1), version: 'client' }
    expect(mirror(start, { type: 'revision.changed', revision: flagged })?.revisions).toEqual([flagged])
  })

  test('jobs come, change in their place, and go', () => {
    const two = [job(1, 'running'), job(2, 'queued')].reduce<ProjectState>(
      (state, next) => mirror(state, { type: 'job.changed', job: next }) as ProjectState,
      start,
    )
    const done = mirror(two, { type: 'job.changed', job: job(1, 'done') }) as ProjectState
    expect(done.jobs.map(({ id, status }) => [id, status])).toEqual([
      [1, 'done'],
      [2, 'queued'],
    ])
    expect(mirror(done, { type: 'job.removed', job: 1 as JobId })?.jobs).toEqual([job(2, 'queued')])
  })

  test('a state that is told anew replaces everything', () => {
    const other = { ...start, document: document(99), jobs: [job(7, 'failed')] }
    expect(mirror(start, { type: 'project.opened', state: other })).toEqual(other)
  })

  test('a closed project is no more', () => {
    expect(mirror(start, { type: 'project.closed' })).toBeNull()
  })
})
