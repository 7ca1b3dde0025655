import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scaled } from '../../../main/engine/imagination/scale.ts'
import { enlarged } from '../../../main/engine/imagination/thing.ts'
import { intersect, type Rect } from '../../../main/math/rect.ts'
import { tensor } from '../../../main/math/tensor.ts'
import { faultOf } from '../workshop.ts'

const { signal } = new AbortController()
const ALL = { x: 0, y: 0, width: 12, height: 9 }
const SHRINK = 4
/** Not a multiple: the last pixels of the smaller picture reach beyond it. */
const DOCUMENT = { x: 0, y: 0, width: 46, height: 35 }

const parts = fc
  .tuple(fc.nat(11), fc.nat(8), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 9 }))
  .map(([x, y, width, height]) => intersect({ x, y, width, height }, ALL) as Rect)

test('a part that is enlarged is what it is in the whole enlarged, to the border of the picture', async () => {
  await fc.assert(
    fc.asyncProperty(parts, async (rect) => {
      const part = { rect, mask: new Uint8Array(rect.width * rect.height).fill(255) }
      const whole = tensor([1, ALL.height, ALL.width])
      for (let y = rect.y; y < rect.y + rect.height; y++)
        for (let x = rect.x; x < rect.x + rect.width; x++) whole.data[y * ALL.width + x] = 255
      const wide = ALL.width * SHRINK
      const { data } = scaled(whole, wide, ALL.height * SHRINK)
      const found = await enlarged(part, { ...part, rect: ALL, shrink: SHRINK }, DOCUMENT, signal)
      for (let y = 0; y < DOCUMENT.height; y++)
        for (let x = 0; x < DOCUMENT.width; x++) {
          const [row, column] = [y - found.rect.y, x - found.rect.x]
          const isHeld = row >= 0 && column >= 0 && row < found.rect.height && column < found.rect.width
          const value = isHeld ? (found.mask[row * found.rect.width + column] as number) : 0
          const wanted = Math.min(255, Math.max(0, data[y * wide + x] as number))
          // Bytes are rounded, and the sums are made in another order.
          expect(Math.abs(value - wanted)).toBeLessThan(0.501)
        }
    }),
  )
})

test('a thing that is too large at the size of the document is told before it is enlarged', async () => {
  const mask = new Uint8Array(ALL.width * ALL.height).fill(255)
  const document = { x: 0, y: 0, width: 12_000, height: 9000 }
  expect(await faultOf(enlarged({ rect: ALL, mask }, { rect: ALL, mask, shrink: 1000 }, document, signal))).toMatchObject({
    kind: 'invalid',
    why: expect.stringMatching(/12000 × 9000/),
  })
})
