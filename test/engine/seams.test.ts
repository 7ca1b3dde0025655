import { expect, test } from 'vitest'
import { readGrid, readPicture, writePicture } from '../../main/engine/tiles.ts'
import type { Rect } from '../../main/math/rect.ts'
import type { Pixels } from '../../preload/contract/document.ts'
import { furthest } from './photographs.ts'
import { BUILT_IN, openWorkshop, type Workshop } from './workshop.ts'

const never = new AbortController().signal
const colors = async (shop: Workshop, pixels: Pixels, rect: Rect) =>
  await readPicture(shop.blobs, readGrid(shop.blobs, pixels, 'rgba8'), rect, never)

/** Something with edges, gradients and grain everywhere, so that a seam has nowhere to hide. */
function landscape({ width, height }: Rect): Uint8Array {
  const rgba = new Uint8Array(width * height * 4).fill(255)
  let grain = 1
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 4) {
      grain = (Math.imul(grain, 1_664_525) + 1_013_904_223) >>> 0
      const stripe = (x + 2 * y) % 90 < 45 ? 30 : 0
      const hill = 60 * Math.sin(x / 70) * Math.cos(y / 50)
      for (let channel = 0; channel < 3; channel++) rgba[at + channel] = 110 + hill + stripe + channel * 10 + (grain >>> 27)
    }
  return rgba
}

async function restored(shop: Workshop, rect: Rect, tile: number): Promise<Uint8Array[]> {
  const { width, height } = rect
  const pixels = await writePicture(shop.blobs, landscape(rect), rect, { x: 0, y: 0 }, never)
  const { layers } = await shop.run({ type: 'restore', pixels, width, height, method: 'pmrf', params: { steps: 1, tile }, seed: 11 })
  return await Promise.all(layers.map((layer) => colors(shop, layer.pixels, rect)))
}

/** What the tiny posterior mean must give: the 3 × 3 mean, zeros outside. @returns red, as bytes. */
function boxMean(rgba: Uint8Array, { width, height }: Rect): Uint8Array {
  const across = new Float64Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      const red = (i: number) => rgba[4 * i] as number
      across[at] = (x > 0 ? red(at - 1) : 0) + red(at) + (x < width - 1 ? red(at + 1) : 0)
    }
  return Uint8Array.from(across, (value, at) => {
    const above = at >= width ? (across[at - width] as number) : 0
    const below = at + width < across.length ? (across[at + width] as number) : 0
    return Math.round((above + value + below) / 9)
  })
}
const red = (rgba: Uint8Array) => Uint8Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i] as number)

// The trained networks would need minutes for twelve megapixels on two cores: here a network whose answer is known stands in.
test('a picture of 4000 × 3000 pixels has no seams: every pixel is what it would be without tiles', { timeout: 300_000 }, async () => {
  await using shop = openWorkshop()
  const rect = { x: 0, y: 0, width: 4000, height: 3000 }
  const [faithful] = (await restored(shop, rect, 512)) as [Uint8Array]
  // One level: the mean may lie between two.
  expect(furthest(red(faithful), boxMean(landscape(rect), rect))).toBeLessThanOrEqual(1)
})

test('the trained networks show no seams: other tiles give the same picture', { timeout: 300_000 }, async () => {
  await using shop = openWorkshop({ models: BUILT_IN })
  const rect = { x: 0, y: 0, width: 1400, height: 1000 }
  const [small, large] = [await restored(shop, rect, 448), await restored(shop, rect, 768)]
  // Away from the right and bottom border, where a tile may reach a few pixels further into the mirrored margin. A pixel counts
  // from 24 px inside its tile on, and the networks look 68 px around them, ever more faintly: what is cut off costs no more
  // than two levels at any pixel of this coarse noise, and a few hundredths of one on the whole.
  for (const layer of [0, 1]) {
    const [a, b] = [small[layer] as Uint8Array, large[layer] as Uint8Array]
    expect(furthest(inner(a, rect), inner(b, rect))).toBeLessThanOrEqual(2)
    expect(meanDifference(a, b)).toBeLessThan(0.05)
  }
})

/** The picture without the margin that a network's reach past the border can touch. */
function inner(rgba: Uint8Array, { width, height }: Rect): Uint8Array {
  const margin = 72
  const rows = Array.from({ length: height - margin }, (_, y) => rgba.subarray(4 * y * width, 4 * (y * width + width - margin)))
  return Uint8Array.from(rows.flatMap((row) => [...row]))
}

/** Mean absolute difference of colours, in levels. */
function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number))
  return sum / (0.75 * a.length)
}
