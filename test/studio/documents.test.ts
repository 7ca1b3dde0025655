import { describe, expect, test } from 'vitest'
import { applyLayerCommand } from '../../main/studio/document/apply.ts'
import type { Document, Layer, LayerCommand, LayerId } from '../../preload/contract/index.ts'
import { documentOf, faultOf, layerWith } from '../store/projects.ts'

const id = (name: string) => name as LayerId
const pixels = { index: 'ab'.repeat(32) as never, x: 10, y: 20 }
const layers = (...names: string[]): Layer[] => names.map((name) => layerWith(name, null))
const names = (document: Document) => document.layers.map((layer) => layer.id)
const locked = documentOf([{ ...layerWith('a', pixels), locked: true }])

function apply(document: Document, ...commands: LayerCommand[]): Document {
  return commands.reduce(applyLayerCommand, document)
}

describe('adding', () => {
  test('puts a layer on top, or right above another, under a name nobody has', () => {
    const document = documentOf(layers('a', 'b'))
    expect(names(apply(document, { type: 'layer.add', layer: id('c') }))).toEqual(['a', 'b', 'c'])
    expect(names(apply(document, { type: 'layer.add', layer: id('c'), above: id('a') }))).toEqual(['a', 'c', 'b'])
    const twice = apply(documentOf([]), { type: 'layer.add' }, { type: 'layer.add' })
    expect(twice.layers.map(({ name }) => name)).toEqual(['Layer 1', 'Layer 2'])
  })
  test('refuses an id in use, an unknown neighbour, and the 1001st layer', () => {
    const document = documentOf(layers('a'))
    expect(() => apply(document, { type: 'layer.add', layer: id('a') })).toThrow(faultOf('invalid'))
    expect(() => apply(document, { type: 'layer.add', above: id('x') })).toThrow(faultOf('missing'))
    const full = documentOf(layers(...Array.from({ length: 1000 }, (_, i) => `l${i}`)))
    expect(() => apply(full, { type: 'layer.add' })).toThrow(faultOf('refused'))
  })
})

describe('the stack', () => {
  test('a duplicate lies right above, unlocked, holding the same pixels', () => {
    const document = apply(locked, { type: 'layer.duplicate', layer: id('a'), copy: id('b') })
    expect(document.layers).toEqual([locked.layers[0], { ...locked.layers[0], id: 'b', name: 'Layer a copy', locked: false }])
  })
  test('reordering counts from the bottom, in the list without the layer', () => {
    const document = documentOf(layers('a', 'b', 'c'))
    const to = (index: number) => names(apply(document, { type: 'layer.reorder', layer: id('a'), index }))
    expect([to(0), to(1), to(2), to(99)]).toEqual([
      ['a', 'b', 'c'],
      ['b', 'a', 'c'],
      ['b', 'c', 'a'],
      ['b', 'c', 'a'],
    ])
  })
  test('removing takes the layer away, and only that', () => {
    expect(names(apply(documentOf(layers('a', 'b')), { type: 'layer.remove', layer: id('a') }))).toEqual(['b'])
  })
})

describe('setting', () => {
  test('changes what is given and nothing else', () => {
    const document = apply(documentOf(layers('a')), { type: 'layer.set', layer: id('a'), change: { opacity: 0.5, blend: 'multiply' } })
    expect(document.layers[0]).toEqual({ ...layerWith('a', null), opacity: 0.5, blend: 'multiply' })
  })
  test('what is given as undefined is left as it is', () => {
    const change = { opacity: undefined, name: 'New' } as never
    expect(apply(documentOf(layers('a')), { type: 'layer.set', layer: id('a'), change }).layers[0]).toEqual({
      ...layerWith('a', null),
      name: 'New',
    })
  })
})

describe('moving', () => {
  test('moves pixels and mask by whole pixels', () => {
    const mask = { pixels, rest: 255 as const, enabled: true }
    const document = apply(documentOf([{ ...layerWith('a', pixels), mask }]), { type: 'layer.translate', layer: id('a'), dx: 3, dy: -5 })
    expect(document.layers[0].pixels).toMatchObject({ x: 13, y: 15 })
    expect(document.layers[0].mask?.pixels).toMatchObject({ x: 13, y: 15 })
  })
  test('ends at the edge of what can be addressed', () => {
    const far = documentOf([layerWith('a', { ...pixels, x: 65_536 })])
    expect(() => apply(far, { type: 'layer.translate', layer: id('a'), dx: 1, dy: 0 })).toThrow(faultOf('invalid'))
  })
})

describe('a new frame', () => {
  const mask = { pixels, rest: 255 as const, enabled: true }
  const region = { from: 'thing' as const, on: [[5, 6] as [number, number]], beside: [], box: { x: 1, y: 2, width: 3, height: 4 } }
  const polygon = { from: 'polygon' as const, points: [[0, 0] as [number, number], [4, 0] as [number, number], [0, 4] as [number, number]] } // biome-ignore format: a triangle
  const shape = { from: 'pixels' as const, pixels, mask }
  const recipe = {
    ...{ method: 'fill', params: {}, seed: 1, models: [], provider: 'cpu', input: pixels, model: 'tiny', measures: {} },
    objects: [region, polygon, shape].map((one) => ({ region: one, becomes: 'a hat' })),
  }
  const whole = documentOf([{ ...layerWith('a', pixels), mask, recipe, locked: true }, layerWith('b', null)])
  const frame = (x: number, y: number, width = 512, height = 512): LayerCommand => ({ type: 'document.frame', x, y, width, height })

  test('leaves every layer, locked or not, where it lies, with its mask and what it was made from', () => {
    const { width, height, layers } = apply(whole, frame(-4, 6, 700, 300))
    expect([width, height]).toEqual([700, 300])
    const moved = { ...pixels, x: 14, y: 14 }
    expect(layers[0]).toMatchObject({
      pixels: moved,
      mask: { pixels: moved },
      recipe: {
        input: moved,
        objects: [
          { region: { on: [[9, 0]], box: { x: 5, y: -4, width: 3, height: 4 } } },
          { region: { points: [[4, -6], [8, -6], [4, -2]] } }, // biome-ignore format: a triangle
          { region: { pixels: moved, mask: { pixels: moved } } },
        ],
      },
    })
    expect(layers[1]).toEqual(layerWith('b', null))
  })
  test('and its opposite cancel out', () => {
    expect(apply(whole, frame(-4, 6, 700, 300), frame(4, -6))).toEqual(whole)
  })
  test('ends at the edge of what can be addressed', () => {
    const far = documentOf([layerWith('a', { ...pixels, x: 65_536 })])
    expect(() => apply(far, frame(-1, 0))).toThrow(faultOf('invalid'))
  })
})

describe('masks', () => {
  test('are added once, switched, and removed', () => {
    const masked = apply(documentOf(layers('a')), { type: 'mask.add', layer: id('a'), rest: 0 })
    expect(masked.layers[0].mask).toMatchObject({ rest: 0, enabled: true, pixels: { x: 0, y: 0 } })
    expect(() => apply(masked, { type: 'mask.add', layer: id('a'), rest: 0 })).toThrow(faultOf('refused'))
    expect(apply(masked, { type: 'mask.set', layer: id('a'), enabled: false }).layers[0].mask?.enabled).toBe(false)
    expect(apply(masked, { type: 'mask.remove', layer: id('a') })).toEqual(documentOf(layers('a')))
  })
  test('a layer without one says so', () => {
    expect(() => apply(documentOf(layers('a')), { type: 'mask.remove', layer: id('a') })).toThrow(faultOf('missing'))
    expect(() => apply(documentOf(layers('a')), { type: 'mask.set', layer: id('a'), enabled: true })).toThrow(faultOf('missing'))
  })
})

const a = id('a')
const changes: LayerCommand[] = [
  { type: 'layer.remove', layer: a },
  { type: 'layer.set', layer: a, change: { opacity: 0.5 } },
  { type: 'layer.set', layer: a, change: { name: 'New', visible: false } },
  { type: 'layer.translate', layer: a, dx: 1, dy: 0 },
  { type: 'mask.add', layer: a, rest: 0 },
  { type: 'mask.set', layer: a, enabled: true },
  { type: 'mask.remove', layer: a },
]
test.each(changes)('a locked layer refuses $type', (command) => {
  expect(() => apply(locked, command)).toThrow(faultOf('refused'))
})
test.each(changes)('an unknown layer is told by $type', (command) => {
  expect(() => apply(documentOf([]), command)).toThrow(faultOf('missing'))
})
test('a locked layer can be unlocked, shown, hidden, reordered and copied', () => {
  const open: LayerCommand[] = [
    { type: 'layer.set', layer: a, change: { visible: false } },
    { type: 'layer.reorder', layer: a, index: 0 },
    { type: 'layer.set', layer: a, change: { locked: false, opacity: 0.5 } },
  ]
  expect(apply(locked, ...open).layers[0]).toMatchObject({ visible: false, locked: false, opacity: 0.5 })
})
test('the document given is left as it was', () => {
  const document = documentOf([layerWith('a', pixels)])
  const before = structuredClone(document)
  for (const command of changes) {
    try {
      apply(document, command)
    } catch {
      // Refusals change nothing either.
    }
  }
  expect(document).toEqual(before)
})
