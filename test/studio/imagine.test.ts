import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LayerId, ProjectId, RevisionId } from '../../preload/contract/index.ts'
import { type CommandInput, outcome, type TestStudio, temporaryFolder, testStudio } from '../kit/project.ts'
import { pixelAt } from '../kit/tiny-engine.ts'
import { faultOf } from '../store/projects.ts'

let folder: ReturnType<typeof temporaryFolder>
let studio: TestStudio
let project: ProjectId
let layer: LayerId

beforeEach(async () => {
  folder = temporaryFolder()
  studio = await testStudio(folder.path)
  const { file, document } = await studio.size(64, 64, [9, 9, 9])
  project = file.id
  layer = document.layers[0].id
})
afterEach(async () => {
  await studio.stop()
  folder[Symbol.dispose]()
})

type Imagine = Extract<CommandInput, { type: 'picture.imagine' }>
const imagine = (change: Partial<Imagine>): Imagine => ({
  type: 'picture.imagine',
  method: 'generate',
  model: 'tiny',
  layer: null,
  objects: [],
  params: {},
  seed: 5,
  ...change,
})
const corner = { from: 'rectangle', x: 0, y: 0, width: 8, height: 8 } as const
const state = () => studio.state(project)
const colorAt = async (at: number, x: number, y: number) => pixelAt(studio.blobs(project), (await state()).document, at, x, y)

describe('a picture from words', () => {
  test('lands on top, also where there is no other layer, and says what made it', async () => {
    await studio.run(project, { type: 'layer.remove', layer })
    const { notes } = await studio.run(project, imagine({ params: { prompt: '  a red\n apple ' } }))
    expect(notes).toEqual(['Imagined.'])
    const { document, revisions, jobs } = await state()
    expect(document.layers).toMatchObject([
      { name: 'a red apple', visible: true, mask: null, recipe: { method: 'generate', model: 'tiny', input: null, objects: [], seed: 5 } },
    ])
    expect(revisions.at(-1)).toMatchObject({ label: 'Generate · a red apple', command: 'picture.imagine', rerunnable: true })
    expect(jobs).toMatchObject([{ label: 'Making "a red apple"', status: 'done' }])
  })

  test('differs by its seed and by nothing else', async () => {
    for (const seed of [1, 2, 1]) await studio.run(project, imagine({ params: { prompt: 'a cat' }, seed }))
    const { layers } = (await state()).document
    const [first, second, third] = layers.slice(1).map(({ pixels }) => pixels?.index)
    expect(first).not.toBe(second)
    expect(first).toBe(third)
  })

  test('run again gives the same bytes, as often as it is asked for', async () => {
    const { revision } = await studio.run(project, imagine({ params: { prompt: 'a cat' } }))
    for (const again of [revision, revision! + 1]) {
      const { notes } = await studio.run(project, { type: 'revision.rerun', revision: again as RevisionId })
      expect(notes).toContain('The result is the same as the first time, byte for byte.')
    }
    const { document, revisions } = await state()
    expect(new Set(document.layers.slice(1).map(({ pixels }) => pixels?.index)).size).toBe(1)
    expect(revisions.at(-1)?.label).toBe('Generate again · a cat')
  })
})

describe('a part of a layer', () => {
  test('lands above its layer with its mask; outside the part nothing changes', async () => {
    await studio.run(project, { type: 'mask.add', layer, rest: 255 })
    await studio.run(project, { type: 'layer.add', layer: 'top' as LayerId })
    await studio.run(project, imagine({ method: 'fill', layer, objects: [{ region: corner, becomes: 'a hat' }] }))
    const { document, revisions, jobs } = await state()
    expect(document.layers.map(({ name }) => name)).toEqual(['Background', 'Background, a hat', 'Layer 2'])
    const [source, made] = document.layers
    expect(made.mask).toEqual(source.mask)
    expect(made.recipe).toMatchObject({ input: source.pixels, objects: [{ region: corner, becomes: 'a hat' }], measures: { spread: 0.5 } })
    expect([await colorAt(1, 7, 7), await colorAt(1, 8, 8)]).toEqual([
      [251, 251, 251, 255],
      [9, 9, 9, 255],
    ])
    expect(revisions.at(-1)?.label).toBe('Fill · a hat')
    expect(jobs.at(-1)?.label).toBe('Changing "Background": a hat')
  })

  test('the history tells what was and what became of it', async () => {
    await studio.run(project, imagine({ method: 'exact-edit', layer, params: { source: 'a dog', prompt: 'a cat' } }))
    const objects = [corner, { ...corner, x: 20 }].map((region, i) => ({ region, becomes: ['a hat', 'a shoe'][i] }))
    await studio.run(project, imagine({ method: 'edit-objects', layer, objects }))
    const { revision } = await studio.run(project, imagine({ method: 'fill', layer, objects: [{ region: corner, becomes: '' }] }))
    await studio.run(project, { type: 'revision.rerun', revision: revision! })
    const { revisions, document } = await state()
    expect(revisions.slice(1).map(({ label }) => label)).toEqual([
      'Exact edit · a dog → a cat',
      'Edit objects · a hat, a shoe',
      'Fill',
      'Fill again',
    ])
    expect(document.layers.map(({ name }) => name)).toContain('Background, a dog → a cat')
  })

  test('shown by a layer is what that layer covered when it was asked for', async () => {
    await studio.run(project, { type: 'layer.add', layer: 'shape' as LayerId })
    const region = { from: 'layer', layer: 'shape' as LayerId } as const
    const command = imagine({ method: 'fill', layer, objects: [{ region, becomes: 'a hat' }] })
    await expect(studio.run(project, command)).rejects.toThrow(faultOf('invalid'))
    const brush = { size: 1, hardness: 1, opacity: 1, color: [1, 2, 3] as [number, number, number], erase: false }
    await studio.run(project, { type: 'stroke.paint', layer: region.layer, target: 'pixels', brush, points: [[3, 3, 1]] })
    await studio.run(project, { type: 'mask.add', layer: region.layer, rest: 0 })
    const shape = (await state()).document.layers[1]
    const masked = await studio.run(project, command)
    await studio.run(project, { type: 'mask.set', layer: region.layer, enabled: false })
    await studio.run(project, command)
    await studio.run(project, { type: 'layer.remove', layer: region.layer })
    const { document } = await state()
    expect(document.layers.slice(1).map(({ recipe }) => recipe?.objects[0].region)).toEqual([
      { from: 'pixels', pixels: shape.pixels, mask: null },
      { from: 'pixels', pixels: shape.pixels, mask: shape.mask },
    ])
    const again = await studio.run(project, { type: 'revision.rerun', revision: masked.revision! })
    expect(again.notes).toContain('The result is the same as the first time, byte for byte.')
  })

  test('lands where its layer lies when the frame was changed meanwhile', async () => {
    const params = { prompt: 'a cat', steps: 20, pause: 10 }
    const work = studio.client.run({ project, command: imagine({ layer, params, objects: [{ region: corner, becomes: '' }] }) })
    await work.next()
    await studio.run(project, { type: 'document.frame', x: -10, y: 5, width: 90, height: 50 })
    await outcome(work)
    const { document } = await state()
    expect(document.layers.map(({ pixels }) => [pixels?.x, pixels?.y])).toEqual([
      [10, -5],
      [10, -5],
    ])
    expect(document.layers[1].recipe).toMatchObject({ input: { x: 10, y: -5 }, objects: [{ region: { ...corner, x: 10, y: -5 } }] })
  })
})

test.each<[string, Partial<Imagine>, 'invalid' | 'missing']>([
  ['no words', { params: { prompt: '  ' } }, 'invalid'],
  ['no words and no part of a layer', { layer: 'own' as LayerId }, 'invalid'],
  ['a layer that is not there', { layer: 'gone' as LayerId, params: { prompt: 'a cat' } }, 'missing'],
  ['an empty layer', { layer: 'empty' as LayerId, params: { prompt: 'a cat' } }, 'invalid'],
  [
    'a region of a layer that is not there',
    { objects: [{ region: { from: 'layer', layer: 'gone' as LayerId }, becomes: 'a hat' }] },
    'missing',
  ],
  ['a thing nobody points at', { layer: 'own' as LayerId, objects: [{ region: { from: 'thing', on: [] }, becomes: 'a hat' }] }, 'invalid'],
  ['a thing in no layer', { objects: [{ region: { from: 'thing', on: [[3, 3]] }, becomes: 'a hat' }] }, 'invalid'],
])('%s is refused before it becomes a job', async (_, change, kind) => {
  await studio.run(project, { type: 'layer.add', layer: 'empty' as LayerId })
  const own = change.layer === 'own' ? { layer } : {}
  await expect(studio.run(project, imagine({ ...change, ...own }))).rejects.toThrow(faultOf(kind))
  expect((await state()).jobs).toEqual([])
})

describe('a region', () => {
  test('is shown as a picture, and makes no revision', async () => {
    const before = (await state()).revisions.length
    const region = { from: 'rectangle', x: 3, y: 4, width: 8, height: 8 } as const
    const { file, revision } = await studio.run(project, { type: 'region.show', layer: null, region })
    expect(revision).toBeNull()
    expect(file).toMatchObject({ type: 'image/png', path: null })
    const png = studio.blobs(project).get(file!.blob!)
    expect([png.byteLength, Buffer.from(png.subarray(1, 4)).toString()]).toEqual([file!.bytes, 'PNG'])
    expect((await state()).revisions).toHaveLength(before)
  })
  test('of a layer that is not there is told', async () => {
    const region = { from: 'layer', layer: 'gone' as LayerId } as const
    await expect(studio.run(project, { type: 'region.show', layer: null, region })).rejects.toThrow(faultOf('missing'))
  })
})
