import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Layer } from '../../preload/contract/document.ts'
import type { Job, ProjectState } from '../../preload/contract/event.ts'
import type { BlobId, BranchId, JobId, LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { type Drafts, draftsOf, setDrafts } from '../../renderer/studio/drafts.ts'
import { followFrames } from '../../renderer/studio/frames.ts'
import { keepPictures } from '../../renderer/studio/keep-pictures.ts'
import { type KeptPicture, MOST_PICTURES, readKept, type Storage, writeKept } from '../../renderer/studio/kept-pictures.ts'
import { addObject, changeObject, isQuiet, objectsOf, setObjects, setQuiet } from '../../renderer/studio/objects.ts'
import { useProject } from '../../renderer/studio/project.ts'
import { photo } from './kit/tool-events.ts'

/** A page's storage that holds no more than so many letters. */
function storageOf(room = Number.POSITIVE_INFINITY): Storage {
  const held = new Map<string, string>()
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, text) => {
      if (text.length > room) throw new DOMException('full', 'QuotaExceededError')
      held.set(key, text)
    },
    removeItem: (key) => void held.delete(key),
    key: (i) => [...held.keys()][i] ?? null,
    get length() {
      return held.size
    },
  }
}
const newProject = () => crypto.randomUUID() as ProjectId
const box = { from: 'rectangle', x: 3, y: 4, width: 10, height: 5 } as const
const kept = (at: number, becomes = 'a cup'): KeptPicture => ({
  at,
  revision: 1 as RevisionId,
  objects: [{ region: box, becomes, hue: 2, outline: [[3, 4, 13, 4, 13, 9, 3, 9]], toldFor: null, foundIn: null }],
  quiet: false,
  drafts: null,
})

describe('what is kept of a picture', () => {
  test('is read again as it was, and gone when nothing is kept', () => {
    const [storage, project] = [storageOf(), newProject()]
    writeKept(storage, project, kept(1))
    expect(readKept(storage, project)).toEqual(kept(1))
    writeKept(storage, project, null)
    expect([readKept(storage, project), storage.length]).toEqual([null, 0])
  })

  test.each([
    ['no JSON', '{"at":'],
    ['of another form', '{"at":1,"objects":"all"}'],
    ['a hue there is none of', JSON.stringify({ ...kept(1), objects: [{ ...kept(1).objects[0], hue: 99 }] })],
    ['too many objects', JSON.stringify({ ...kept(1), objects: Array.from({ length: 99 }, () => kept(1).objects[0]) })],
    ['an outline of words', JSON.stringify({ ...kept(1), objects: [{ ...kept(1).objects[0], outline: [['a', 'b']] }] })],
    ['a region beyond any picture', JSON.stringify({ ...kept(1), objects: [{ ...kept(1).objects[0], region: { ...box, x: 1e9 } }] })],
    ['too long to be looked at', `${' '.repeat(500_000)}${JSON.stringify(kept(1))}`],
  ])('%s: it is forgotten', (_, text) => {
    const [storage, project] = [storageOf(), newProject()]
    storage.setItem(`palimpsest.picture.${project}`, text)
    expect([readKept(storage, project), storage.length]).toEqual([null, 0])
  })

  test('makes room: the pictures worked on last stay', () => {
    const storage = storageOf()
    storage.setItem('palimpsest.shell', '{}')
    const projects = Array.from({ length: MOST_PICTURES + 3 }, newProject)
    for (const [at, project] of projects.entries()) writeKept(storage, project, kept(at))
    expect(projects.map((project) => readKept(storage, project) !== null)).toEqual(projects.map((_, at) => at >= 3))
    const long = newProject()
    const lines = Array.from({ length: 60 }, () => Array.from({ length: 1000 }, (_, i) => i))
    const large = (at: number): KeptPicture => ({ ...kept(at), objects: kept(at).objects.map((object) => ({ ...object, outline: lines })) })
    for (let at = 100; at < 112; at++) writeKept(storage, at === 111 ? long : newProject(), large(at))
    let letters = 0
    for (let i = 0; i < storage.length; i++) letters += storage.getItem(storage.key(i) ?? '')?.length ?? 0
    expect(letters).toBeLessThanOrEqual(2_000_002)
    expect(readKept(storage, long)?.at).toBe(111)
    expect(storage.getItem('palimpsest.shell')).toBe('{}')
  })

  test('is nothing where the storage is full: nothing old stays in its place', () => {
    const [storage, project] = [storageOf(400), newProject()]
    writeKept(storage, project, kept(1))
    expect(readKept(storage, project)?.at).toBe(1)
    writeKept(storage, project, kept(2, 'a cup '.repeat(99)))
    expect(readKept(storage, project)).toBeNull()
  })
})

describe('a picture that is opened again', () => {
  const end = followFrames()
  afterAll(end)
  let project: ProjectId
  let storage: Storage
  const pixels = { index: 'a'.repeat(64) as BlobId, x: 0, y: 0 }
  const layer: Layer = { ...photo, pixels }
  const made = (seed: number): Layer => ({
    ...layer,
    id: `made-${seed}` as LayerId,
    recipe: { method: 'generate', params: {}, seed, models: [], provider: 'cpu', input: null, model: 'm', objects: [], measures: {} },
  })
  const open = (layers: readonly Layer[] = [layer], jobs: readonly Job[] = []) => {
    const state: ProjectState = {
      file: { id: project, title: '', path: null, readOnly: false, notes: [] },
      head: { branch: 1 as BranchId, revision: 1 as RevisionId, canUndo: false, canRedo: false },
      document: { width: 100, height: 80, layers: [...layers], profile: null, exif: null },
      revisions: [
        {
          id: 1 as RevisionId,
          parent: null,
          branch: 1 as BranchId,
          command: '',
          label: '',
          at: 0,
          thumbnail: null,
          version: null,
          rerunnable: false,
        },
      ],
      branches: [],
      jobs: [...jobs],
      engine: { status: 'ready', provider: null, why: '', memory: { used: 0, budget: 0 } },
    }
    useProject.setState({ open: [state], state, active: project })
  }
  const drafts = (job: number | null): Drafts => ({
    project,
    base: 1 as RevisionId,
    known: new Set([layer.id]),
    list: [{ method: 'generate', seed: 41, job: job as JobId | null, failed: false }],
    chosen: null,
  })
  /** What is kept, in a page that knows nothing yet. */
  const reload = (layers?: readonly Layer[], jobs?: readonly Job[]) => {
    keepPictures(storage)()
    setObjects([], project)
    setDrafts(project, null)
    setQuiet(false, project)
    useProject.setState({ open: [], state: null, active: null })
    const stop = keepPictures(storage)
    open(layers, jobs)
    stop()
  }
  beforeEach(() => {
    project = newProject()
    storage = storageOf()
    open()
  })

  test('has its objects again, each with its words and colour', () => {
    addObject(box, [[3, 4, 13, 4, 13, 9]], 'a cup')
    addObject({ from: 'thing', on: [[1, 2]], beside: [], box: null }, null)
    setQuiet(true, project)
    const before = objectsOf(project)
    reload()
    expect(objectsOf(project).map(({ id: _, ...rest }) => rest)).toEqual(before.map(({ id: _, ...rest }) => rest))
    expect(isQuiet(project)).toBe(true)
    expect(isQuiet(newProject())).toBe(false)
  })

  test('asks again for an outline that had not been told', () => {
    const [told, asked] = [[[0, 0, 1, 0, 1, 1]], null].map((outline) =>
      addObject({ from: 'thing', on: [[1, 2]], beside: [], box: null }, outline),
    )
    for (const id of [told, asked]) changeObject(id ?? 0, { toldFor: 'the same' })
    reload()
    expect(objectsOf(project).map(({ toldFor }) => toldFor)).toEqual(['the same', null])
  })

  test('has none that a lost layer would have to show', () => {
    addObject({ from: 'layer', layer: layer.id }, null)
    reload([])
    expect(objectsOf(project)).toEqual([])
  })

  test('has its drafts again while there is one to see or to wait for', () => {
    setDrafts(project, drafts(7))
    reload([layer, made(41)])
    expect(draftsOf(project)).toEqual(drafts(7))
    const job = { id: 7 as JobId, label: '', command: '', progress: null, fault: null, revision: null, createdAt: 0, endedAt: null }
    reload([layer], [{ ...job, status: 'running' }])
    expect(draftsOf(project)).toEqual(drafts(7))
    reload([layer], [{ ...job, status: 'failed' }])
    expect(draftsOf(project)).toBeNull()
  })

  test('drops a draft that never became a job', () => {
    setDrafts(project, drafts(null))
    reload([layer])
    expect(draftsOf(project)).toBeNull()
  })
})
