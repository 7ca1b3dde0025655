import { expect, test } from 'vitest'
import { broadcast, isUnknown, over, plus, product, times, UNKNOWN } from '../../../main/engine/vjp/shapes/dim.ts'
import { Facts } from '../../../main/engine/vjp/shapes/facts.ts'
import { chain, type Step } from './chain.ts'

test('sides are reckoned with numbers and names', () => {
  expect(plus(plus('h', 2), -2)).toBe('h')
  expect(plus(3, plus('h', -1))).toBe('(h+2)')
  expect(over(times('h', 2), 2)).toBe('h')
  expect(over(product(['n', 32, 'h']), 8)).not.toBe('h')
  expect(times(over('h', 2), 2)).not.toBe('h')
  expect(broadcast(['n', 1, 'h'], [3, 'h'])).toEqual(['n', 3, 'h'])
  expect(broadcast(['h'], ['w'])).toEqual([UNKNOWN])
  let side = plus('h', 'w')
  for (let i = 0; i < 20; i++) side = plus(side, side)
  expect(isUnknown(side)).toBe(true)
})

const shapeAfter = (...steps: Step[]) => new Facts(chain(steps, 17)).shape('y')

test('what exporters reckon with shapes is followed', () => {
  const halves: Step[] = [
    ['Shape', ['$'], 'shape'],
    ['Gather', ['shape', { index: 3 }], 'w'],
    ['Unsqueeze', ['w', [0]], 'width'],
    ['Concat', [[0, 3, -1], 'width'], 'target', { axis: 0 }],
    ['Reshape', ['$', 'target'], '$'],
  ]
  expect(shapeAfter(...halves)).toEqual(['n', 3, 'h', 'w'])
  expect(
    shapeAfter(['Pad', ['$', [0, 0, 1, 1, 0, 0, 1, 1]], '$', { mode: 'reflect' }], ['Conv', ['$', { random: [4, 3, 3, 3] }], '$']),
  ).toEqual(['n', 4, 'h', 'w'])
  const flat: Step[] = [
    ['Reshape', ['$', [0, 3, -1]], 'flat'],
    ['Transpose', ['flat'], '$', { perm: [0, 2, 1] }],
  ]
  expect(shapeAfter(...flat)).toEqual(['n', '(h*w)', 3])
})

test('a side of which nothing is known has the name of its value, the same every time', () => {
  const steps: Step[] = [
    ['NonZero', ['$'], 'places'],
    ['Cast', ['places'], '$', { to: 1 }],
    ['Slice', ['$', [0], [3], [1]], '$'],
  ]
  expect(shapeAfter(...steps)).toEqual(shapeAfter(...steps))
  expect(shapeAfter(['Slice', ['$', [0], [3], [2]], '$'])).toEqual(['n', 3, 'y:2', 'w'])
})
