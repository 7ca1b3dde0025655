import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ModelFolder } from '../../../main/engine/diffusion/folder.ts'
import { cellsUnder, cropAround } from '../../../main/engine/imagination/crop.ts'
import { openDiffusionStudio } from '../diffusion/studio.ts'

const studio = openDiffusionStudio()
let folder: ModelFolder
beforeAll(async () => {
  folder = { ...(await studio.model()), side: 512, multiple: 64 }
})
afterAll(() => studio[Symbol.asyncDispose]())

const regions = fc
  .tuple(fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 1, max: 6000 }), fc.nat(9999), fc.nat(9999), fc.nat(9999), fc.nat(9999))
  .map(([width, height, a, b, c, d]) => {
    const x = a % width
    const y = b % height
    return { document: { width, height }, region: { x, y, width: 1 + (c % (width - x)), height: 1 + (d % (height - y)) } }
  })

test('a crop holds its region, is of a size the model takes, and is not stretched', () => {
  fc.assert(
    fc.property(regions, ({ document, region }) => {
      const { rect, size, shrink } = cropAround(region, folder, document)
      expect(rect.x).toBeLessThanOrEqual(region.x)
      expect(rect.y).toBeLessThanOrEqual(region.y)
      expect(rect.x + rect.width).toBeGreaterThanOrEqual(region.x + region.width)
      expect(rect.y + rect.height).toBeGreaterThanOrEqual(region.y + region.height)
      for (const side of [size.width, size.height]) {
        expect(side % folder.multiple).toBe(0)
        expect(side).toBeGreaterThanOrEqual(256)
        expect(side).toBeLessThanOrEqual(832)
      }
      expect([rect.width % shrink, rect.height % shrink]).toEqual([0, 0])
      const [across, down] = [rect.width / size.width, rect.height / size.height]
      // Whole pixels, or whole squares of them, are all that may differ.
      expect(Math.abs(across - down)).toBeLessThanOrEqual((shrink + 0.5) / Math.min(size.width, size.height))
      if (rect.width <= document.width) expect(rect.x >= 0 && rect.x + rect.width <= document.width).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('small regions are enlarged, middling ones seen as they are, large ones shrunk', () => {
  const document = { width: 4000, height: 3000 }
  const scaleOf = (side: number) => {
    const { rect, size } = cropAround({ x: 1000, y: 1000, width: side, height: side }, folder, document)
    return size.width / rect.width
  }
  expect(scaleOf(40)).toBe(2)
  expect(scaleOf(400)).toBeCloseTo(1, 2)
  expect(scaleOf(1000)).toBeLessThan(0.5)
})

test('a cell is free as soon as one pixel of it is', async () => {
  const crop = { rect: { x: 0, y: 0, width: 8, height: 4 }, size: { width: 16, height: 8 }, shrink: 1 }
  const weights = new Float32Array(32)
  weights[8 * 1 + 5] = 0.01
  const { signal } = new AbortController()
  const cells = [...(await cellsUnder(weights, crop, 2, signal))]
  expect(cells.flatMap((value, i) => (value === 1 ? [i] : []))).toEqual([8 * 1 + 5])
  expect(await cellsUnder(weights, { ...crop, size: { width: 4, height: 2 } }, 2, signal)).toEqual(Float64Array.of(0, 1))
})
