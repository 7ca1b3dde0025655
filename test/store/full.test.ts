import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProject } from '../../main/store/open-project.ts'
import type { ProjectStore } from '../../main/store/project-file.ts'
import { FaultError } from '../../preload/contract/fault.ts'
import type { RevisionId } from '../../preload/contract/ids.ts'
import { temporaryFolder } from '../kit/project.ts'
import { commit, documentOf, emptyProject, faultOf, layerWith, noisyPixels } from './projects.ts'

/** Commits pictures until one does not fit. @returns the last revision that was acknowledged, and what stopped it */
function fillUp(store: ProjectStore): { last: number; stopped: unknown } {
  let last: number = store.revisions.head().revision
  try {
    for (let n = 1; n < 200; n++) last = commit(store, documentOf([layerWith('a', noisyPixels(store, n))]), `Paint ${n}`).revision
  } catch (stopped) {
    return { last, stopped }
  }
  return { last, stopped: null }
}

function expectWhole(store: ProjectStore, last: number) {
  expect(store.revisions.head().revision).toBe(last)
  expect(store.revisions.list()).toHaveLength(last)
  for (let id = 2; id <= last; id++) {
    const { pixels } = store.revisions.document(id as RevisionId).layers[0]
    expect(store.blobs.get(pixels!.index).length).toBeGreaterThan(0)
  }
}

test('a file that may not grow keeps all that was acknowledged', async () => {
  using folder = temporaryFolder()
  const store = emptyProject(folder.path)
  store.database.script(`PRAGMA max_page_count = ${(4 << 20) / 4096}`)
  const { last, stopped } = fillUp(store)
  expect(stopped).toEqual(faultOf('full'))
  expect(last).toBeGreaterThan(1)
  expectWhole(store, last)
  // It works on once there is room again.
  store.database.script('PRAGMA max_page_count = 4294967294')
  commit(store, documentOf([layerWith('a', noisyPixels(store, 1000))]), 'Paint')
  store[Symbol.dispose]()
  const again = await openProject(store.path, join(folder.path, 'rescue'))
  expect(again).toMatchObject({ readOnly: false, notes: [] })
  expectWhole(again.store, last + 1)
  again.store[Symbol.dispose]()
})

test('a full disk keeps all that was acknowledged', async ({ skip }) => {
  using folder = temporaryFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder.path])
  if (mounted.status !== 0) return skip('mounting a small disk is not permitted here')
  using _disk = { [Symbol.dispose]: () => void spawnSync('umount', [folder.path]) }
  const store = emptyProject(folder.path)
  const { last, stopped } = fillUp(store)
  expect(stopped).toBeInstanceOf(FaultError)
  expect(stopped).toEqual(faultOf('full'))
  expect(last).toBeGreaterThan(1)
  expectWhole(store, last)
  store[Symbol.dispose]()
  const again = await openProject(store.path, join(folder.path, 'rescue'))
  expect(again).toMatchObject({ readOnly: false, notes: [] })
  expectWhole(again.store, last)
  again.store[Symbol.dispose]()
})
