import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { describe, expect, it } from 'vitest'
import { type BlendMode, blendModes } from '../../main/math/blend.ts'
import { gatherInto } from '../../main/math/composite.ts'

const CHROMIUM = '/usr/bin/chromium'
const SIDE = 64
const ARGS = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Random bytes of a linear congruential generator, so that a failure can be looked at again. */
function randomPixels(seed: number, alpha: 'any' | 'opaque'): Uint8Array {
  let state = seed
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24
  return Uint8Array.from({ length: SIDE * SIDE * 4 }, (_, i) => (i % 4 === 3 && alpha === 'opaque' ? 255 : next()))
}

/** Premultiplied bytes, as a canvas holds them. */
interface Drawn {
  readonly backdrop: number[]
  readonly source: number[]
  readonly results: Record<string, number[]>
}

/**
 * Draws the source on the backdrop in every mode, as a page would. Runs in the browser.
 * A canvas holds premultiplied bytes and tells straight ones; drawn on opaque black the premultiplied ones show.
 */
async function draw(input: { backdrop: number[]; source: number[]; side: number; modes: readonly string[] }): Promise<Drawn> {
  const { side } = input
  const bitmapOf = (bytes: number[]) =>
    createImageBitmap(new ImageData(Uint8ClampedArray.from(bytes), side, side), { premultiplyAlpha: 'premultiply' })
  const context = () => new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!
  const premultiplied = (canvas: OffscreenCanvas) => {
    const dark = context()
    dark.fillStyle = '#000'
    dark.fillRect(0, 0, side, side)
    dark.drawImage(canvas, 0, 0)
    const bytes = dark.getImageData(0, 0, side, side).data
    const alphas = canvas.getContext('2d')!.getImageData(0, 0, side, side).data
    return Array.from(bytes, (byte, i) => (i % 4 === 3 ? alphas[i] : byte))
  }
  const picture = (layers: readonly (readonly [ImageBitmap, string])[]) => {
    const target = context()
    for (const [bitmap, mode] of layers) {
      target.globalCompositeOperation = mode as GlobalCompositeOperation
      target.drawImage(bitmap, 0, 0)
    }
    return premultiplied(target.canvas)
  }
  const backdrop = await bitmapOf(input.backdrop)
  const source = await bitmapOf(input.source)
  const results: Record<string, number[]> = {}
  for (const mode of input.modes)
    results[mode] = picture([
      [backdrop, 'source-over'],
      [source, mode === 'normal' ? 'source-over' : mode],
    ])
  return { backdrop: picture([[backdrop, 'source-over']]), source: picture([[source, 'source-over']]), results }
}

/** Largest difference between our composite and the canvas's, in levels of 255, both premultiplied and rounded. */
function worst(drawn: Drawn, mode: BlendMode): number {
  const ours = Float32Array.from(drawn.backdrop, (byte) => byte / 255)
  const source = Float32Array.from(drawn.source, (byte, i) => {
    const alpha = drawn.source[i - (i % 4) + 3]
    return i % 4 === 3 || alpha === 0 ? byte : (byte / alpha) * 255
  })
  gatherInto(ours, source, { blend: mode, opacity: 1, mask: null })
  return drawn.results[mode].reduce((most, byte, i) => Math.max(most, Math.abs(Math.round(ours[i] * 255) - byte)), 0)
}

/**
 * One level, for the bytes a canvas rounds to at every draw. In `difference` and `exclusion` Chromium's software raster
 * subtracts twice a product that it has rounded to a byte already: one level off there is two in the result.
 */
const toleranceOf = (mode: BlendMode): number => (mode === 'difference' || mode === 'exclusion' ? 2 : 1)

describe.skipIf(!existsSync(CHROMIUM))(`compositing beside Chromium's canvas (needs ${CHROMIUM})`, () => {
  it('agrees to one level of 255 in all sixteen modes', async () => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
    try {
      const page = await browser.newPage()
      for (const alpha of ['opaque', 'any'] as const) {
        const backdrop = [...randomPixels(1, alpha)]
        const source = [...randomPixels(2, alpha)]
        const drawn = await page.evaluate(draw, { backdrop, source, side: SIDE, modes: blendModes })
        const off = blendModes.map((mode) => [mode, worst(drawn, mode)] as const)
        expect(off.filter(([mode, levels]) => levels > toleranceOf(mode))).toEqual([])
      }
    } finally {
      await browser.close()
    }
  }, 60_000)
})
