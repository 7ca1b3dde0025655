import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differenceLaid, laid } from '../../../main/engine/imagination/paste.ts'
import { tensor } from '../../../main/math/tensor.ts'

const { signal } = new AbortController()
const RECT = { x: 3, y: 4, width: 5, height: 4 }
const PIXELS = 20
const bytes = fc.uint8Array({ minLength: 4 * PIXELS, maxLength: 4 * PIXELS })
const unit = fc.double({ min: 0, max: 1, noNaN: true })
const weights = fc.array(fc.constantFrom(0, 0.3, 1), { minLength: PIXELS, maxLength: PIXELS }).map((list) => Float32Array.from(list))
const planes = (channels: number, size = PIXELS) =>
  fc.array(unit, { minLength: channels * size, maxLength: channels * size }).map((list) => Float32Array.from(list))

test('no difference leaves every byte, whatever lies there, with opacity and without, and as large as it is or scaled', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, weights, planes(4), planes(4, 6), async (rgba, weight, exact, small) => {
      const ground = { rect: RECT, rgba, weights: weight }
      for (const picture of [tensor([4, 4, 5], exact), tensor([3, 4, 5], exact.slice(0, 60)), tensor([4, 2, 3], small)])
        expect((await differenceLaid(ground, picture, picture, signal)).rgba).toEqual(rgba)
    }),
  )
})

test('where a weight is 0 nothing is written', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, weights, planes(4), planes(4), async (rgba, weight, one, other) => {
      const ground = { rect: RECT, rgba, weights: weight }
      const [first, second] = [tensor([4, 4, 5], one), tensor([4, 4, 5], other)]
      for (const { rgba: result } of [await laid(ground, first, signal), await differenceLaid(ground, first, second, signal)])
        for (let i = 0; i < PIXELS; i++)
          if (weight[i] === 0) expect(result.subarray(4 * i, 4 * i + 4)).toEqual(rgba.subarray(4 * i, 4 * i + 4))
    }),
  )
})

test('what was painted on white is laid in its own colours, as opaque as it was', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, bytes, async (under, over) => {
      const painted = tensor([4, 4, 5])
      for (let i = 0; i < PIXELS; i++) {
        const alpha = over[4 * i + 3] / 255
        for (let c = 0; c < 3; c++) painted.data[c * PIXELS + i] = (over[4 * i + c] / 255) * alpha + 1 - alpha
        painted.data[3 * PIXELS + i] = alpha
      }
      const { rgba } = await laid({ rect: RECT, rgba: under, weights: new Float32Array(PIXELS).fill(1) }, painted, signal)
      for (let i = 0; i < PIXELS; i++) {
        expect(rgba[4 * i + 3]).toBe(over[4 * i + 3])
        // Of what hardly shows the colour hardly shows either.
        const slack = 1 + 2 / (over[4 * i + 3] + 0.01)
        if (over[4 * i + 3] > 0) for (let c = 0; c < 3; c++) expect(Math.abs(rgba[4 * i + c] - over[4 * i + c])).toBeLessThanOrEqual(slack)
      }
    }),
  )
})

test('a small difference is added to the grain of the old picture, a large one replaces it', async () => {
  const grain = Uint8Array.from({ length: 4 * PIXELS }, (_, i) => (i % 4 === 3 ? 255 : i % 8 < 4 ? 120 : 80))
  const ground = { rect: RECT, rgba: grain, weights: new Float32Array(PIXELS).fill(1) }
  const even = (value: number) => tensor([3, 4, 5], new Float32Array(3 * PIXELS).fill(value))
  const laidOn = async (value: number) => (await differenceLaid(ground, even(100 / 255), even(value), signal)).rgba.subarray(0, 8)
  expect([...(await laidOn(101 / 255))]).toEqual([121, 121, 121, 255, 81, 81, 81, 255])
  expect([...(await laidOn(200 / 255))]).toEqual([200, 200, 200, 255, 200, 200, 200, 255])
})
