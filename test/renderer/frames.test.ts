import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { frameDocument } from '../../main/studio/document/stack.ts'
import type { Document } from '../../preload/contract/document.ts'
import type { ProjectState, Revision } from '../../preload/contract/event.ts'
import type { BlobId, BranchId, LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { followFrames, framesBetween, learnFrame, shiftOf } from '../../renderer/studio/frames.ts'
import { addObject, objectsOf, setObjects } from '../../renderer/studio/objects.ts'
import { useProject } from '../../renderer/studio/project.ts'
import { useView } from '../../renderer/studio/view.ts'
import { photo } from './kit/tool-events.ts'

const pixels = { index: 'a'.repeat(64) as BlobId, x: 0, y: 0 }
const picture: Document = { width: 100, height: 80, layers: [{ ...photo, pixels }], profile: null, exif: null }
const frame = (of: Document, x: number, y: number, width = 90, height = 70) =>
  frameDocument(of, { type: 'document.frame', x, y, width, height })

const revision = (id: number, parent: number | null, command: string): Revision => ({
  id: id as RevisionId,
  parent: parent as RevisionId | null,
  branch: 1 as BranchId,
  command,
  label: '',
  at: 0,
  thumbnail: null,
  version: null,
  rerunnable: false,
})
/** 1 – 2 (frame) – 3 – 4 (frame), and from 1 another line: 5 (frame). */
const revisions = [
  revision(1, null, 'project.create'),
  revision(2, 1, 'document.frame'),
  revision(3, 2, 'layer.add'),
  revision(4, 3, 'document.frame'),
  revision(5, 1, 'document.frame'),
]
const moves = (from: number, to: number) =>
  framesBetween(revisions, from as RevisionId, to as RevisionId).map(({ revision: id, back }) => (back ? -id : id))

test('the frames between two revisions: undone ones from where one stands, then those that are done', () => {
  expect(moves(1, 4)).toEqual([2, 4])
  expect(moves(4, 1)).toEqual([-4, -2])
  expect(moves(4, 5)).toEqual([-4, -2, 5])
  expect(moves(2, 3)).toEqual([])
  expect(moves(9, 4)).toEqual([2, 4])
})

test('how far a frame has moved things is told by what lies in the picture', () => {
  expect(shiftOf(picture, frame(picture, 10, -4))).toEqual({ dx: -10, dy: 4 })
  const empty = { ...picture, layers: [{ ...photo, pixels: null }] }
  expect(shiftOf(empty, frame(empty, 10, -4))).toBeNull()
  const other = { ...picture, layers: [{ ...photo, id: 'other' as LayerId, pixels }] }
  expect(shiftOf(picture, other)).toBeNull()
})

describe('objects stay over what they were shown on', () => {
  let id: ProjectId
  const end = followFrames()
  afterAll(end)

  /** The picture of each revision. */
  let documents: Record<number, Document>
  const stand = (at: number) => {
    const state: ProjectState = {
      file: { id, title: '', path: null, readOnly: false, notes: [] },
      head: { branch: 1 as BranchId, revision: at as RevisionId, canUndo: true, canRedo: true },
      document: documents[at] as Document,
      revisions,
      branches: [],
      jobs: [],
      engine: { status: 'ready', provider: null, why: '', memory: { used: 0, budget: 0 } },
    }
    useProject.setState({ open: [state], state, active: id })
  }
  const corner = () => {
    const [object] = objectsOf(id)
    return object?.region.from === 'rectangle' && [object.region.x, object.region.y, ...(object.outline?.[0]?.slice(0, 2) ?? [])]
  }
  const show = () => addObject({ from: 'rectangle', x: 30, y: 20, width: 9, height: 9 }, [[30, 20, 39, 20, 39, 29, 30, 29]])

  beforeEach(() => {
    id = crypto.randomUUID() as ProjectId
    const framed = frame(picture, 10, -4)
    documents = { 1: picture, 2: framed, 3: framed, 4: frame(framed, 5, 5), 5: frame(picture, 1, 1) }
    stand(1)
    setObjects([])
    show()
  })

  test('done, undone and done again', () => {
    stand(2)
    expect(corner()).toEqual([20, 24, 20, 24])
    stand(1)
    expect(corner()).toEqual([30, 20, 30, 20])
    stand(2)
    stand(3)
    expect(corner()).toEqual([20, 24, 20, 24])
  })

  test('jumped over, once every step is known', () => {
    for (const at of [2, 3, 4]) stand(at)
    expect(corner()).toEqual([15, 19, 15, 19])
    stand(1)
    expect(corner()).toEqual([30, 20, 30, 20])
    stand(5)
    expect(corner()).toEqual([29, 19, 29, 19])
    stand(4)
    expect(corner()).toEqual([15, 19, 15, 19])
  })

  test('the canvas is asked to look along', () => {
    stand(2)
    expect(useView.getState().zoomRequest?.to).toEqual({ dx: -10, dy: 4 })
  })

  test('in an empty picture whoever framed it tells', () => {
    const empty = { ...picture, layers: [] }
    documents = { 1: empty, 2: frame(empty, 10, -4) }
    stand(1)
    stand(2)
    learnFrame(id, 2 as RevisionId, { dx: -10, dy: 4 })
    expect(corner()).toEqual([20, 24, 20, 24])
    stand(1)
    expect(corner()).toEqual([30, 20, 30, 20])
  })
})
