import { beforeEach, describe, expect, test } from 'vitest'
import type { ProjectId } from '../../preload/contract/ids.ts'
import { clearObjects, pickObject, pointAt } from '../../renderer/actions/objects.ts'
import {
  addObject,
  changeObject,
  HUES,
  isQuiet,
  MOST_OBJECTS,
  objectsOf,
  removeObject,
  setActiveObject,
  setQuiet,
} from '../../renderer/studio/objects.ts'
import { useProject } from '../../renderer/studio/project.ts'

const front = (project: string) => useProject.setState({ active: project as ProjectId })
const box = { from: 'rectangle', x: 0, y: 0, width: 10, height: 10 } as const
const regions = () => objectsOf().map(({ region }) => region)

beforeEach(() => {
  for (const project of ['one', 'two']) {
    front(project)
    clearObjects()
  }
  front('one')
})

describe('objects', () => {
  test('each has a colour of its own while there is one; what is removed gives its colour back', () => {
    const ids = Array.from({ length: HUES }, () => pickObject(box) ?? 0)
    expect(new Set(objectsOf().map(({ hue }) => hue)).size).toBe(HUES)
    removeObject(ids[2] ?? 0)
    pickObject(box)
    expect(objectsOf().at(-1)?.hue).toBe(2)
  })

  test('belong to their picture', () => {
    pickObject(box)
    front('two')
    expect(objectsOf()).toEqual([])
    front('one')
    expect(regions()).toEqual([box])
  })

  test('are no more than a command holds', () => {
    for (let i = 0; i < MOST_OBJECTS; i++) expect(pickObject(box)).not.toBeNull()
    expect(pickObject(box)).toBeNull()
    expect(objectsOf().length).toBe(MOST_OBJECTS)
  })

  test('a box is outlined at once, a thing when the studio has told', () => {
    pickObject(box)
    pointAt({ x: 5, y: 6 }, 'on')
    expect(objectsOf().map(({ outline }) => outline)).toEqual([[[0, 0, 10, 0, 10, 10, 0, 10]], null])
  })

  test('step aside until they change', () => {
    const id = addObject(box, null)
    setQuiet(true)
    changeObject(id, { outline: [[0, 0, 1, 0, 1, 1]] })
    expect(isQuiet()).toBe(true)
    changeObject(id, { becomes: 'a cup' })
    expect(isQuiet()).toBe(false)
  })
})

describe('points', () => {
  test('each click is another thing; with Shift it is more of the same, with Alt less', () => {
    pointAt({ x: 1, y: 1 }, 'on')
    pointAt({ x: 9, y: 9 }, 'on')
    pointAt({ x: 8, y: 8 }, 'on too')
    pointAt({ x: 2, y: 2 }, 'beside')
    expect(regions()).toEqual([
      { from: 'thing', on: [[1, 1]], beside: [], box: null },
      {
        from: 'thing',
        on: [
          [9, 9],
          [8, 8],
        ],
        beside: [[2, 2]],
        box: null,
      },
    ])
  })

  test('go to the thing whose row is active', () => {
    pointAt({ x: 1, y: 1 }, 'on')
    pointAt({ x: 9, y: 9 }, 'on')
    setActiveObject(objectsOf()[0]?.id ?? null)
    pointAt({ x: 3, y: 3 }, 'beside')
    expect(regions()[0]).toEqual({ from: 'thing', on: [[1, 1]], beside: [[3, 3]], box: null })
  })

  test('beside nothing mean nothing', () => {
    pointAt({ x: 2, y: 2 }, 'beside')
    expect(objectsOf()).toEqual([])
  })
})
