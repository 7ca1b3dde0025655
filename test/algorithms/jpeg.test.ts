import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type JpegSettings, jpegCoefficients, jpegRoundTrip, projectOntoCell } from '../../main/algorithms/restoration/operators/jpeg.ts'
import { psnr } from '../../main/math/metrics/psnr.ts'
import type { Picture } from '../../main/math/picture.ts'

/** Soft shapes and a little texture in colour. */
function scene(rows: number, columns: number): Picture {
  const data = Float64Array.from({ length: 3 * rows * columns }, (_, at) => {
    const c = Math.floor(at / (rows * columns))
    const i = Math.floor(at / columns) % rows
    const j = at % columns
    return 0.5 + 0.25 * Math.sin(i / (9 + c)) * Math.cos(j / 7) + 0.12 * Math.sin((i * j) / 60) + 0.05 * Math.sin(3 * i + 2 * j + c)
  })
  return { shape: [3, rows, columns], data }
}
const settings = fc.record({
  quality: fc.integer({ min: 1, max: 100 }),
  chroma: fc.constantFrom('420' as const, '444' as const),
  rounding: fc.constant('ideal' as const),
})
const furthest = (a: Picture, b: Picture) =>
  Float64Array.from(a.data).reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0)

describe('JPEG as an operator', () => {
  it('keeps nearly everything at quality 100', () => {
    const picture = scene(48, 64)
    const ideal: JpegSettings = { quality: 100, chroma: '444', rounding: 'ideal' }
    expect(psnr(picture, jpegRoundTrip(picture, ideal))).toBeGreaterThan(50)
    expect(psnr(picture, jpegRoundTrip(picture, { ...ideal, rounding: '8-bit' }))).toBeGreaterThan(50)
  })

  it('agrees with a JPEG file as far as its decoder’s smoother chroma lets it', async () => {
    const picture = scene(64, 96)
    const size = 64 * 96
    const pixels = Buffer.from(
      Uint8Array.from({ length: 3 * size }, (_, k) => Math.round(255 * picture.data[(k % 3) * size + Math.floor(k / 3)])),
    )
    for (const [chroma, chromaSubsampling, least] of [
      ['444', '4:4:4', 46],
      ['420', '4:2:0', 40],
    ] as const) {
      const file = await sharp(pixels, { raw: { width: 96, height: 64, channels: 3 } })
        .jpeg({ quality: 60, chromaSubsampling })
        .toBuffer()
      const decoded = await sharp(file).raw().toBuffer()
      const theirs: Picture = {
        shape: picture.shape,
        data: Float64Array.from({ length: 3 * size }, (_, at) => decoded[3 * (at % size) + Math.floor(at / size)] / 255),
      }
      const rounded: Picture = { shape: picture.shape, data: picture.data.map((value) => Math.round(255 * value) / 255) }
      expect(psnr(theirs, jpegRoundTrip(rounded, { quality: 60, chroma, rounding: '8-bit' }))).toBeGreaterThan(least)
    }
  })

  it('projects onto the cell once and for all', () => {
    fc.assert(
      fc.property(settings, (jpeg) => {
        const x = scene(32, 48)
        const coefficients = jpegCoefficients(x, jpeg)
        const z: Picture = { shape: x.shape, data: x.data.map((value, i) => value + 0.2 * Math.sin(i * 7)) }
        const once = projectOntoCell(z, coefficients, jpeg)
        // The two colour matrices are inverse to 1e-9.
        expect(furthest(once, projectOntoCell(once, coefficients, jpeg))).toBeLessThan(1e-8)
        expect(furthest(x, projectOntoCell(x, coefficients, jpeg))).toBeLessThan(1e-8)
      }),
      { numRuns: 25 },
    )
  })

  it('works on sides that are no whole blocks', () => {
    const picture = scene(37, 51)
    for (const chroma of ['420', '444'] as const) {
      const result = jpegRoundTrip(picture, { quality: 90, chroma, rounding: 'ideal' })
      expect(result.shape).toEqual(picture.shape)
      expect(psnr(picture, result)).toBeGreaterThan(30)
    }
  })
})
