import { describe, expect, test } from 'vitest'
import type { MethodCard, ModelCard } from '../../preload/contract/catalog.ts'
import type { Layer } from '../../preload/contract/document.ts'
import type { BlobId, LayerId } from '../../preload/contract/ids.ts'
import { shapeOf } from '../../renderer/canvas/outline.ts'
import { editOf, imaginingIn, modelOf } from '../../renderer/panels/imagine/methods.ts'
import { editObstacle, generateObstacle } from '../../renderer/panels/imagine/obstacles.ts'
import { fitting, isWhole, sizesFor } from '../../renderer/panels/imagine/sizes.ts'
import { readings } from '../../renderer/panels/knobs/readings.ts'
import type { PickedObject } from '../../renderer/studio/objects.ts'
import { photo } from './kit/tool-events.ts'

const method = (id: string, role = 'imagination'): MethodCard => ({
  id,
  role,
  title: id,
  summary: '',
  paper: { title: '', year: 2026, link: 'https://example.org' },
  params: {},
})
const model = (id: string, problem: string | null = null): ModelCard => ({
  id,
  role: 'text-to-picture',
  title: id,
  bytes: 1,
  licence: 'MIT',
  problem,
  source: 'folder',
  path: '/models',
  side: 512,
  multiple: 8,
  notes: [],
  usual: {},
})
const catalog = {
  version: '0',
  methods: [method('exact-edit'), method('generate'), method('pmrf', 'restorer'), method('edit-objects'), method('fill')],
  models: [model('broken', 'A file is missing.'), model('sound')],
  formats: [],
  recents: [],
  samples: [],
  engine: { status: 'ready', provider: null, why: '', memory: { used: 0, budget: 0 } },
  host: 'web',
} as const satisfies Parameters<typeof imaginingIn>[0]
const object = (becomes: string): PickedObject => ({
  id: 1,
  region: { from: 'rectangle', x: 0, y: 0, width: 9, height: 9 },
  becomes,
  hue: 0,
  outline: null,
  toldFor: null,
  foundIn: null,
})

describe('a thing that was found', () => {
  const found: PickedObject = {
    ...object('a cat'),
    region: { from: 'thing', on: [[3, 4]], beside: [], box: null },
    outline: [[0, 0, 9, 0, 9, 9]],
    foundIn: { layer: 'a' as LayerId, pixels: 'p' as BlobId },
  }
  const layer = (id: string, index: string) => ({ id, pixels: { index, x: 0, y: 0 } }) as Layer

  test('is sought again where it was found, and goes by its outline everywhere else', () => {
    const triangle = [0, 0, 9, 0, 9, 9, 0, 0]
    const points = [0, 2, 4, 6].map((at) => triangle.slice(at, at + 2))
    const shape = { from: 'polygon', points }
    expect(shapeOf(found, layer('a', 'p'))).toBe(found.region)
    for (const other of [layer('b', 'p'), layer('a', 'q'), null]) expect(shapeOf(found, other)).toEqual(shape)
  })

  test('is nothing yet before it is outlined; other regions are what they are', () => {
    expect(shapeOf({ ...found, outline: null, foundIn: null }, layer('a', 'p'))).toBeNull()
    expect(shapeOf(object('a cat'), null)).toEqual(object('a cat').region)
  })
})

describe('what a catalogue offers', () => {
  const imagining = imaginingIn(catalog)
  test('ways to edit from plain to particular, sound models first', () => {
    expect(imagining.generate?.id).toBe('generate')
    expect(imagining.edits.map(({ id }) => id)).toEqual(['fill', 'edit-objects', 'exact-edit'])
    expect(imagining.models.map(({ id }) => id)).toEqual(['sound', 'broken'])
    expect(imaginingIn(catalog)).toBe(imagining)
  })

  test('what was chosen while it is there, otherwise the first', () => {
    expect(modelOf(imagining, 'broken', 'make')?.id).toBe('broken')
    expect(modelOf(imagining, 'gone', 'make')?.id).toBe('sound')
    expect(modelOf(imaginingIn(null), null, 'change')).toBeNull()
    expect(editOf(imagining, 'exact-edit')?.id).toBe('exact-edit')
    expect(editOf(imagining, undefined)?.id).toBe('fill')
  })
})

describe('why nothing can be run, in a sentence', () => {
  test('for a picture from words', () => {
    expect(generateObstacle(null, { prompt: 'a cat' })).toMatch(/no model/)
    expect(generateObstacle(model('x', 'A file is missing.'), { prompt: 'a cat' })).toBe('x cannot be used: A file is missing.')
    expect(generateObstacle(model('x'), { prompt: '  ' })).toMatch(/few words/)
    expect(generateObstacle(model('x'), { prompt: 'a cat' })).toBeNull()
  })

  test('for an edit', () => {
    const editing = { method: method('edit-objects'), model: model('x'), layer: photo, objects: [object('a cup')], params: {} }
    expect(editObstacle(editing)).toBeNull()
    expect(editObstacle({ ...editing, layer: null })).toMatch(/Select the layer/)
    expect(editObstacle({ ...editing, layer: { ...photo, pixels: null } })).toMatch(/no pixels/)
    expect(editObstacle({ ...editing, objects: [] })).toMatch(/Show the part/)
    expect(editObstacle({ ...editing, objects: [object('a cup'), object(' ')] })).toBe('Say what object 2 shall become.')
    expect(editObstacle({ ...editing, method: method('fill'), objects: [object('a'), object('b')] })).toMatch(/one part at a time/)
    expect(editObstacle({ ...editing, method: method('exact-edit'), objects: [] })).toMatch(/few words/)
    expect(editObstacle({ ...editing, method: method('exact-edit'), objects: [], params: { prompt: 'a dog' } })).toBeNull()
  })
})

describe('sizes that suit a model', () => {
  test('keep its number of pixels and fall on its multiples', () => {
    const sizes = sizesFor({ side: 512, multiple: 64 }, { width: 640, height: 480 })
    expect(sizes).toEqual({
      square: { width: 512, height: 512 },
      wide: { width: 640, height: 448 },
      tall: { width: 448, height: 640 },
      picture: { width: 640, height: 512 },
    })
    expect(fitting(3, 64)).toBe(64)
  })

  test('a picture too large to be made keeps its shape', () => {
    const { picture } = sizesFor({ side: 512, multiple: 8 }, { width: 4000, height: 3000 })
    expect(picture.width / picture.height).toBeCloseTo(4 / 3, 1)
    expect(picture.width * picture.height).toBeLessThanOrEqual(2.1 * 512 ** 2)
    expect(isWhole(picture, { side: 512, multiple: 8 }, { width: 4000, height: 3000 })).toBe(true)
    expect(isWhole({ width: 512, height: 512 }, { side: 512, multiple: 8 }, { width: 4000, height: 3000 })).toBe(false)
    expect(isWhole({ width: 640, height: 480 }, { side: 512, multiple: 8 }, { width: 640, height: 480 })).toBe(false)
  })
})

test('an exact edit tells of its round trip, an object edit of its depths', () => {
  const told = readings({ roundTrip: 3.1e-14, spread: 0.98, depth1: 0.6, depth2: 0.25, calls: 328 })
  expect(told.map(({ title, text, tone }) => [title, text, tone])).toEqual([
    ['Round trip', '3·10⁻¹⁴', 'good'],
    ['Network calls', '328', 'plain'],
    ['Noise found', '0.98', 'plain'],
    ['Depth of object 1', '60 %', 'plain'],
    ['Depth of object 2', '25 %', 'plain'],
  ])
  expect(readings({ roundTrip: 0.42 })[0]).toMatchObject({ text: '0.42', tone: 'bad' })
})
