import { expect, test } from 'vitest'
import { labelOf } from '../../main/studio/labels.ts'
import type { LayerId } from '../../preload/contract/ids.ts'
import { documentOf, layerWith } from '../store/projects.ts'

const document = documentOf([{ ...layerWith('a', null), name: 'Photo' }])
const layer = 'a' as LayerId
const brush = {
  size: 5,
  hardness: 1,
  opacity: 1,
  spacing: 0.1,
  color: [0, 0, 0] as [number, number, number],
  erase: false,
  pressureSize: true,
}

test('the history speaks in plain words', () => {
  const label = (command: Parameters<typeof labelOf>[0]) => labelOf(command, document)
  expect(label({ type: 'layer.set', layer, change: { opacity: 0.6 } })).toBe('Opacity 60 %')
  expect(label({ type: 'layer.set', layer, change: { blend: 'soft-light' } })).toBe('Blend mode soft light')
  expect(label({ type: 'layer.set', layer, change: { visible: false } })).toBe('Hide Photo')
  expect(label({ type: 'layer.set', layer, change: { name: 'Cat' } })).toBe('Rename to Cat')
  expect(label({ type: 'layer.set', layer, change: { name: 'Cat', locked: true } })).toBe('Change Photo')
  expect(label({ type: 'stroke.paint', layer, target: 'pixels', brush, points: [] })).toBe('Brush')
  expect(label({ type: 'stroke.paint', layer, target: 'pixels', brush: { ...brush, erase: true }, points: [] })).toBe('Eraser')
  expect(label({ type: 'stroke.paint', layer, target: 'mask', brush: { ...brush, erase: true }, points: [] })).toBe('Mask brush, hide')
  expect(label({ type: 'picture.place', blob: '' as never, name: 'cat.jpg' })).toBe('Place cat.jpg')
  expect(label({ type: 'document.frame', x: 0, y: 0, width: 800, height: 600 })).toBe('Frame 800 × 600')
  expect(label({ type: 'layer.remove', layer: 'gone' as LayerId })).toBe('Delete layer')
})
