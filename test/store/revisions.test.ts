import { expect, test } from 'vitest'
import type { JobId, RevisionId } from '../../preload/contract/ids.ts'
import { temporaryFolder } from '../kit/project.ts'
import { commit, documentOf, emptyProject, faultOf, layerWith, noisyPixels } from './projects.ts'

test('a commit follows the head; beside the tip it begins a branch', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const first = store.revisions.head()
  const second = commit(store, documentOf([layerWith('a', null)]), 'Add layer')
  expect(second).toEqual({ branch: first.branch, revision: 2 })
  store.revisions.moveHead(first)
  const third = commit(store, documentOf([layerWith('b', null)]), 'Add layer')
  expect(third.branch).not.toBe(first.branch)
  expect(store.revisions.branches()).toEqual([
    { id: 1, name: 'Variation', tip: 2 },
    { id: 2, name: 'Variation', tip: 3 },
  ])
  expect(store.revisions.list().map(({ id, parent, branch }) => [id, parent, branch])).toEqual([
    [1, null, 1],
    [2, 1, 1],
    [3, 1, 2],
  ])
  expect(store.revisions.document(2 as RevisionId).layers[0].id).toBe('a')
  expect(store.revisions.document(3 as RevisionId).layers[0].id).toBe('b')
})

test('a job is done by the commit that holds its result', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const job = store.jobs.add({ label: 'Restoring', kind: 'layer.restore', plan: { some: 'plan' }, at: 5 })
  expect(store.jobs.plan(job.id)).toEqual({ some: 'plan' })
  store.revisions.commit({
    document: documentOf([]),
    command: { type: 'layer.restore' },
    label: 'Restore',
    at: 9,
    variation: '',
    job: { id: job.id, progress: null },
  })
  expect(store.jobs.list()).toEqual([{ ...job, status: 'done', revision: 2, endedAt: 9 }])
})

test('a label with half a letter in it does not make its revision unreadable', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const { revision } = commit(store, documentOf([]), 'Rename to \ud83d')
  expect(store.revisions.document(revision)).toEqual(documentOf([]))
  expect(store.revisions.one(revision).label).toBe('Rename to \ufffd')
})

test('a row that was changed is told', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  store.database.run("UPDATE revisions SET label = 'Old picture' WHERE id = 1")
  expect(() => store.revisions.document(1 as RevisionId)).toThrow(faultOf('damaged'))
  expect(() => store.revisions.document(9 as RevisionId)).toThrow(faultOf('missing'))
})

test('a job whose row cannot be understood is left out', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const { id } = store.jobs.add({ label: 'Restoring', kind: 'layer.restore', plan: null, at: 5 })
  store.database.run("UPDATE jobs SET progress = '{broken' WHERE id = ?", id)
  expect(store.jobs.list()[0].progress).toBeNull()
  store.database.run("UPDATE jobs SET status = 'dancing' WHERE id = ?", id)
  expect(store.jobs.list()).toEqual([])
  store.jobs.remove(id as JobId)
})

test('what nothing leads to is collected; what history leads to stays', () => {
  using folder = temporaryFolder()
  using store = emptyProject(folder.path)
  const kept = noisyPixels(store, 1)
  commit(store, documentOf([layerWith('a', kept)]), 'Paint')
  commit(store, documentOf([]), 'Delete layer')
  const thumbnail = store.blobs.put(Buffer.from('thumbnail'))
  store.revisions.keepThumbnail(2 as RevisionId, thumbnail)
  const planned = noisyPixels(store, 2)
  const job = store.jobs.add({ label: 'Restoring', kind: 'layer.restore', plan: { pixels: planned }, at: 5 })
  const garbage = [store.blobs.put(Buffer.from('preview')), noisyPixels(store, 3).index]
  expect(store.collect()).toBe(1 + 5)
  expect(garbage.map(store.blobs.has)).toEqual([false, false])
  expect([kept.index, planned.index, thumbnail].map(store.blobs.has)).toEqual([true, true, true])
  store.jobs.remove(job.id)
  expect(store.collect()).toBe(5)
  expect(store.collect()).toBe(0)
})
