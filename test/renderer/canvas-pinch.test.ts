import { expect, test } from 'vitest'
import { Pinch } from '../../renderer/canvas/pinch.ts'
import type { Point } from '../../renderer/canvas/viewport.ts'

function hands() {
  const told: unknown[] = []
  const pinch = new Pinch({
    began: () => told.push('began'),
    pan: (dx, dy) => told.push(['pan', dx, dy]),
    zoomBy: (factor: number, at: Point) => told.push(['zoom', factor, at]),
  })
  return { pinch, told }
}

test('one finger is left to the tool', () => {
  const { pinch, told } = hands()
  expect([pinch.down(1, { x: 0, y: 0 }), pinch.move(1, { x: 5, y: 5 })]).toEqual([false, false])
  expect(told).toEqual([])
})

test('two fingers move the view with their middle and zoom it with their distance', () => {
  const { pinch, told } = hands()
  pinch.down(1, { x: 0, y: 0 })
  expect(pinch.down(2, { x: 100, y: 0 })).toBe(true)
  expect(pinch.move(2, { x: 200, y: 0 })).toBe(true)
  expect(told).toEqual(['began', ['pan', -50, 0], ['zoom', 2, { x: 100, y: 0 }]])
})

test('when one of them is lifted the other does nothing any more', () => {
  const { pinch, told } = hands()
  pinch.down(1, { x: 0, y: 0 })
  pinch.down(2, { x: 100, y: 0 })
  pinch.up(1)
  expect(pinch.move(2, { x: 300, y: 0 })).toBe(false)
  expect(told).toEqual(['began'])
})
