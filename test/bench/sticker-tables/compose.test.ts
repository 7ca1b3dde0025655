import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CANVAS, coloursOf, composed, cutOut, lay, outside } from './compose.ts'
import { psnr } from './psnr.ts'
import { scenes } from './scenes.ts'

const listing = JSON.parse(readFileSync(join(import.meta.dirname, '../../../native-models/training/stickers.json'), 'utf8')) as {
  pictures: { caption: string; heldOut: boolean }[]
}[]
const isHeldOut = new Map(listing.flatMap(({ pictures }) => pictures.map(({ caption, heldOut }) => [caption, heldOut] as const)))

describe('scenes', () => {
  test('are twenty, of two or three things that were held out, each to become one that was learned', () => {
    expect(scenes).toHaveLength(20)
    expect(scenes.filter(({ ground: [upper] }) => upper.every((value) => value === 255))).toHaveLength(10)
    for (const { style, objects } of scenes) {
      expect([2, 3]).toContain(objects.length)
      for (const [is, becomes] of objects)
        expect([is, becomes].map((name) => [name, isHeldOut.get(`${style} ${name}`)])).toEqual([
          [is, true],
          [becomes, false],
        ])
    }
  })

  test('show every object whole, on a ground that nobody else shares', async () => {
    for (const text of scenes) {
      const { picture, objects, source } = await composed(text)
      expect(source.split(', ')).toEqual(text.objects.map(([is]) => `${text.style} ${is}`))
      const owned = objects.map(({ place }) => place.mask.filter((value) => value > 0).length)
      const free = outside(objects).reduce((sum, value) => sum + value, 0)
      expect(free + owned.reduce((a, b) => a + b)).toBe(CANVAS.width * CANVAS.height)
      expect(Math.min(...owned)).toBeGreaterThan(100)
      const [upper] = text.ground
      expect([...picture.rgba.subarray(0, 4)]).toEqual([...upper, 255])
    }
  })
})

test('a thing is laid over the ground by its opacity', () => {
  const canvas = new Uint8Array(4 * CANVAS.width * CANVAS.height).fill(255)
  const rgba = Uint8Array.from([0, 0, 0, 255, 0, 100, 0, 51, 9, 9, 9, 0, 1, 2, 3, 255])
  lay(canvas, { side: 2, rgba }, { x: 94, y: 62, width: 2, height: 2 })
  const at = (x: number, y: number) => [...canvas.subarray(4 * (y * CANVAS.width + x), 4 * (y * CANVAS.width + x) + 4)]
  expect([at(94, 62), at(95, 62), at(94, 63), at(95, 63), at(93, 63)]).toEqual([
    [0, 0, 0, 255],
    // 0.2 of the colour and 0.8 of white.
    [204, 224, 204, 255],
    [255, 255, 255, 255],
    [1, 2, 3, 255],
    [255, 255, 255, 255],
  ])
})

test('a cut-out is white but for its own region, from -1 to 1', () => {
  const black = coloursOf(new Uint8Array(4 * CANVAS.width * CANVAS.height))
  const mask = new Uint8Array(64 * 64)
  mask[0] = 255
  const { shape, data } = cutOut(black, { rect: { x: 20, y: 0, width: 64, height: 64 }, mask, becomes: '' })
  expect(shape).toEqual([3, 64, 64])
  expect([data[0], data[1], data[64 * 64]]).toEqual([-1, 1, -1])
})

test('decibels over the pixels that count', () => {
  const picture = (...data: number[]) => ({ shape: [1, 1, data.length], data: Float32Array.from(data) })
  expect(psnr([picture(0, 1)], [picture(0.5, 0.5)])).toBeCloseTo(10 * Math.log10(4), 12)
  expect(psnr([picture(0, 1)], [picture(0, 0.5)], [[1, 0]])).toBe(Number.POSITIVE_INFINITY)
})
