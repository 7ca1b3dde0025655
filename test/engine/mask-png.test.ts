import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { type MaskPart, maskPng } from '../../main/engine/pictures/mask-png.ts'
import { copyInto } from '../../main/engine/tiles.ts'

const { signal } = new AbortController()

/** A picture's size, and a part of it. */
const parts = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    rect: fc.tuple(fc.nat(width - 1), fc.nat(height - 1)).chain(([x, y]) =>
      fc.record({
        x: fc.constant(x),
        y: fc.constant(y),
        width: fc.integer({ min: 1, max: width - x }),
        height: fc.integer({ min: 1, max: height - y }),
      }),
    ),
  }),
)

test('a mask is white, as opaque as it is high, and nothing elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(parts, fc.infiniteStream(fc.nat(255)), async ({ width, height, rect }, values) => {
      const mask = Uint8Array.from({ length: rect.width * rect.height }, () => values.next().value)
      const rgba = await sharp(await maskPng({ rect, mask }, { width, height }, signal))
        .ensureAlpha()
        .raw()
        .toBuffer()
      const wanted = new Uint8Array(width * height)
      copyInto(wanted, { x: 0, y: 0, width, height }, mask, rect, 1)
      expect([...rgba.filter((_, i) => i % 4 === 3)]).toEqual([...wanted])
      expect(rgba.every((value, i) => i % 4 === 3 || value === 255)).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test('one of a thousand megapixels is made in little memory, and can be stopped', { timeout: 120_000 }, async () => {
  const size = { width: 32_768, height: 32_768 }
  const part: MaskPart = { rect: { x: 30_000, y: 32_760, width: 100, height: 8 }, mask: new Uint8Array(800).fill(200) }
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }, 0)
  const png = await maskPng(part, size, signal)
  clearInterval(watch)
  expect(await sharp(png, { limitInputPixels: false }).metadata()).toMatchObject({ ...size, format: 'png' })
  // The mask itself would be a gigabyte.
  expect(most).toBeLessThan(2 ** 28)
  const controller = new AbortController()
  const stopped = maskPng(part, size, controller.signal)
  controller.abort(new Error('enough'))
  await expect(stopped).rejects.toThrow('enough')
})
