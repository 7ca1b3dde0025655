import { describe, expect, test } from 'vitest'
import type { Layer, Recipe } from '../../preload/contract/document.ts'
import type { Job, ProjectState, Revision } from '../../preload/contract/event.ts'
import type { BlobId, BranchId, JobId, LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { settling } from '../../renderer/actions/drafts.ts'
import { frameOf } from '../../renderer/panels/drafts/frame-of.ts'
import { areLost, type Drafts, draftsOf, layerOf, setDrafts, shownOf, stateOf } from '../../renderer/studio/drafts.ts'
import { photo } from './kit/tool-events.ts'

const recipe = (seed: number): Recipe => ({
  method: 'generate',
  params: {},
  seed,
  models: [],
  provider: 'cpu',
  input: null,
  model: 'tiny',
  objects: [],
  measures: {},
})
const made = (seed: number): Layer => ({ ...photo, id: `made-${seed}` as LayerId, recipe: recipe(seed) })
const revision = (id: number): Revision => ({
  id: id as RevisionId,
  parent: (id === 1 ? null : id - 1) as RevisionId | null,
  branch: 1 as BranchId,
  command: 'picture.imagine',
  label: '',
  at: 0,
  thumbnail: null,
  version: null,
  rerunnable: true,
})
const job = (id: number, made: number): Job => ({
  id: id as JobId,
  label: '',
  command: 'picture.imagine',
  status: 'done',
  progress: null,
  fault: null,
  revision: made as RevisionId,
  createdAt: 0,
  endedAt: 1,
})

/** Three drafts of revision 1 have landed as revisions 2, 3 and 4; `later` is what happened after them. */
const state = (later = 0): ProjectState => ({
  file: { id: 'p' as ProjectId, title: '', path: null, readOnly: false, notes: [] },
  head: { branch: 1 as BranchId, revision: (4 + later) as RevisionId, canUndo: true, canRedo: false },
  document: { width: 8, height: 8, layers: [photo, made(41), made(42), made(43)], profile: null, exif: null },
  revisions: Array.from({ length: 4 + later }, (_, i) => revision(i + 1)),
  branches: [],
  jobs: [job(1, 2), job(2, 3), job(3, 4)],
  engine: { status: 'ready', provider: 'cpu', why: '', memory: { used: 0, budget: 0 } },
})
const drafts: Drafts = {
  project: 'p' as ProjectId,
  base: 1 as RevisionId,
  known: new Set([photo.id]),
  list: [41, 42, 43].map((seed, i) => ({ method: 'generate', seed, job: (i + 1) as JobId, failed: false })),
  chosen: null,
}

describe('keeping one draft', () => {
  test('where nothing else has happened the history goes back to it, and only those before it are removed', () => {
    expect(settling(state(), drafts, made(41).id)).toEqual([{ type: 'history.jump', revision: 2 }])
    expect(settling(state(), drafts, made(42).id)).toEqual([
      { type: 'history.jump', revision: 3 },
      { type: 'layer.remove', layer: 'made-41' },
    ])
    expect(settling(state(), drafts, made(43).id).map(({ type }) => type)).toEqual(['layer.remove', 'layer.remove'])
  })

  test('keeping none leads back to before the first', () => {
    expect(settling(state(), drafts, null)).toEqual([{ type: 'history.jump', revision: 1 }])
  })

  test('what the artist did meanwhile stays: the others are removed one by one', () => {
    expect(settling(state(1), drafts, made(42).id)).toEqual([
      { type: 'layer.remove', layer: 'made-41' },
      { type: 'layer.remove', layer: 'made-43' },
    ])
  })

  test('drafts that were undone leave nothing to do', () => {
    const undone = { ...state(), document: { ...state().document, layers: [photo] } }
    expect(settling(undone, drafts, null)).toEqual([])
  })
})

describe('which draft is shown', () => {
  const { document } = state()
  test('the one that landed last, until the artist has chosen', () => {
    expect(shownOf(drafts, document)).toBe(2)
    expect(shownOf({ ...drafts, chosen: 0 }, document)).toBe(0)
    expect(shownOf(drafts, { ...document, layers: [photo] })).toBe(-1)
  })

  test('another, where the chosen one was undone', () => {
    expect(shownOf({ ...drafts, chosen: 2 }, { ...document, layers: [photo, made(41), made(42)] })).toBe(1)
  })

  test('a layer that was there before is none, whatever its seed', () => {
    expect(
      layerOf({ ...drafts, known: new Set([made(41).id]) }, { method: 'generate', seed: 41, job: null, failed: false }, document),
    ).toBeNull()
  })
})

describe('how far a draft is', () => {
  const states = (of: Pick<ProjectState, 'document' | 'jobs'>, drafts: Drafts) => drafts.list.map((draft) => stateOf(drafts, draft, of))
  const none = { ...state().document, layers: [photo] }

  test('there, or undone: what was there once waits for nothing', () => {
    expect(states(state(), drafts)).toEqual(['landed', 'landed', 'landed'])
    expect(states({ ...state(), document: none }, drafts)).toEqual(['undone', 'undone', 'undone'])
    expect(areLost(drafts, { ...state(), document: none })).toBe(false)
    // Its job was taken off the list.
    expect(states({ document: none, jobs: [] }, drafts)).toEqual(['undone', 'undone', 'undone'])
  })

  test('as its job is', () => {
    const jobs = (['queued', 'running', 'failed'] as const).map((status, i) => ({ ...job(i + 1, 2), status }))
    expect(states({ document: none, jobs }, drafts)).toEqual(['waiting', 'running', 'failed'])
    const ended = (['cancelled', 'interrupted', 'failed'] as const).map((status, i) => ({ ...job(i + 1, 2), status }))
    expect(states({ document: none, jobs: ended }, drafts)).toEqual(['cancelled', 'failed', 'failed'])
    expect(areLost(drafts, { document: none, jobs: ended })).toBe(true)
  })

  test('not yet a job, or never one', () => {
    const [first] = drafts.list
    const asked = { ...drafts, list: [{ ...first, job: null } as Drafts['list'][number]] }
    expect(states({ document: none, jobs: [] }, asked)).toEqual(['waiting'])
    const refused = { ...asked, list: asked.list.map((draft) => ({ ...draft, failed: true })) }
    expect(states({ document: none, jobs: [] }, refused)).toEqual(['failed'])
  })
})

test('each picture has drafts of its own', () => {
  const other = { ...drafts, project: 'q' as ProjectId }
  setDrafts(drafts.project, drafts)
  setDrafts(other.project, other)
  setDrafts(drafts.project, null)
  expect([draftsOf(drafts.project), draftsOf(other.project)]).toEqual([null, other])
})

test('a draft shows the picture that was made, wherever another frame has put it', () => {
  const pixels = { index: 'a'.repeat(64) as BlobId, x: 300, y: -20 }
  const layer: Layer = { ...made(41), pixels, recipe: { ...recipe(41), params: { width: 64, height: 64 } } }
  expect(frameOf(layer, { ...state().document, width: 320, height: 200 })).toEqual({ x: 300, y: 0, width: 20, height: 44 })
  expect(frameOf({ ...layer, recipe: { ...recipe(41), input: pixels } }, state().document)).toBeUndefined()
})
