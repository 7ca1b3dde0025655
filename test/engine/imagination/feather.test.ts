import fc from 'fast-check'
import { expect, test } from 'vitest'
import { squaredDistances } from '../../../main/engine/imagination/distance.ts'
import { feathered } from '../../../main/engine/imagination/feather.ts'
import { box } from './studio.ts'

const { signal } = new AbortController()

test('distances are those of the nearest pixel, exactly, as far as is asked', async () => {
  const pictures = fc
    .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }))
    .chain(([width, height]) =>
      fc.tuple(fc.constant(width), fc.constant(height), fc.array(fc.nat(1), { minLength: width * height, maxLength: width * height })),
    )
  await fc.assert(
    fc.asyncProperty(pictures, fc.integer({ min: 1, max: 20 }), async ([width, height, values], reach) => {
      const found = await squaredDistances(Uint8Array.from(values), 1, reach, { width, height }, signal)
      const places = values.flatMap((value, i) => (value === 1 ? [i] : []))
      for (let i = 0; i < values.length; i++) {
        const nearest = places.map((k) => ((k % width) - (i % width)) ** 2 + (Math.floor(k / width) - Math.floor(i / width)) ** 2)
        expect(found[i]).toBe(Math.min((reach + 1) ** 2, ...nearest))
      }
    }),
  )
})

test('a feather is half on the edge, falls to either side, and ends at its width; at the border of the document there is none', async () => {
  const { rect, data } = await feathered([box({ x: 0, y: 10, width: 30, height: 20 })], 4, { width: 60, height: 40 }, signal)
  expect(rect).toEqual({ x: 0, y: 6, width: 34, height: 28 })
  const row = Array.from({ length: 34 }, (_, x) => data[10 * 34 + x] as number)
  expect(row.slice(0, 25)).toEqual(new Array(25).fill(1))
  expect(row[29]).toBe(0.5)
  for (let x = 25; x < 33; x++) expect(row[x]).toBeGreaterThan(row[x + 1] as number)
  expect(row[33]).toBe(0)
})

test('without a feather what is covered counts', async () => {
  const mask = Uint8Array.of(255, 51, 0)
  const { data } = await feathered([{ rect: { x: 1, y: 1, width: 3, height: 1 }, mask, becomes: '' }], 0, { width: 9, height: 9 }, signal)
  expect([...data]).toEqual([1, Math.fround(0.2), 0])
})
