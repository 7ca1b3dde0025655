import { expect, it } from 'vitest'
import { intersect, unite } from '../../main/math/rect.ts'

const a = { x: 0, y: 0, width: 10, height: 4 }

it('unites and intersects rectangles', () => {
  const b = { x: 8, y: -2, width: 5, height: 3 }
  expect(unite(a, b)).toEqual({ x: 0, y: -2, width: 13, height: 6 })
  expect(intersect(a, b)).toEqual({ x: 8, y: 0, width: 2, height: 1 })
  expect(unite(a, null)).toEqual(a)
  expect(unite(null, null)).toBeNull()
})

it('finds nothing in common where rectangles only touch', () => {
  expect(intersect(a, { x: 10, y: 0, width: 5, height: 5 })).toBeNull()
})
