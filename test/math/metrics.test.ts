import { describe, expect, it } from 'vitest'
import { blur, gaussianKernel } from '../../main/math/convolution.ts'
import { consistency } from '../../main/math/metrics/consistency.ts'
import { gmsd } from '../../main/math/metrics/gmsd.ts'
import { noiseLevel } from '../../main/math/metrics/noise-level.ts'
import { patchFrechet, patchStatistics } from '../../main/math/metrics/patch-frechet.ts'
import { psnr } from '../../main/math/metrics/psnr.ts'
import { sharpness } from '../../main/math/metrics/sharpness.ts'
import { ssim } from '../../main/math/metrics/ssim.ts'
import type { Picture } from '../../main/math/picture.ts'
import { noiseOf, normalsInto } from '../../main/math/random.ts'

const ROWS = 160
const COLUMNS = 200
const planes = { channels: 3, rows: ROWS, columns: COLUMNS }
const picture = (data: Float64Array) => ({ shape: [3, ROWS, COLUMNS], data })
const scene = picture(
  Float64Array.from({ length: 3 * ROWS * COLUMNS }, (_, at) => {
    const i = Math.floor(at / COLUMNS) % ROWS
    const j = at % COLUMNS
    return 0.5 + 0.3 * Math.sin((i * i + 3 * j) / 900) * Math.cos(j / 11) + (Math.hypot(i - 80, j - 90) < 50 ? 0.15 : 0)
  }),
)
const noisy = (sigma: number, seed = 1) => {
  const normals = new Float64Array(scene.data.length)
  normalsInto(normals, noiseOf(seed))
  return picture(scene.data.map((value, i) => value + sigma * normals[i]))
}
const soft = picture(blur(scene.data, planes, gaussianKernel(1.6), 'symmetric'))

describe('measures of a picture beside its reference', () => {
  it('are symmetric where they should be, and perfect for the same picture', () => {
    const other = noisy(0.05)
    for (const measure of [psnr, ssim, gmsd]) expect(measure(scene, other)).toBeCloseTo(measure(other, scene), 12)
    expect(psnr(scene, scene)).toBe(Number.POSITIVE_INFINITY)
    expect(ssim(scene, scene)).toBeCloseTo(1, 12)
    expect(gmsd(scene, scene)).toBe(0)
    expect(sharpness(scene, scene)).toBe(1)
    expect(consistency(scene, scene)).toBe(100)
  })

  it('have known values for known noise', () => {
    expect(psnr(scene, noisy(0.1))).toBeCloseTo(20, 1)
    // Noise averaged over 256 pixels is 16 times weaker.
    expect(Math.abs(consistency(scene, noisy(0.1)) - (20 + 20 * Math.log10(16)))).toBeLessThan(1)
  })

  it('tell soft from noisy', () => {
    expect(sharpness(scene, soft)).toBeLessThan(0.9)
    expect(sharpness(scene, noisy(0.05))).toBeGreaterThan(1.1)
    expect(ssim(scene, soft)).toBeGreaterThan(ssim(scene, noisy(0.1)))
  })

  it('call a blur true and a shifted colour not', () => {
    expect(consistency(scene, soft)).toBeGreaterThan(40)
    expect(consistency(scene, picture(scene.data.map((value) => value + 0.05)))).toBeCloseTo(26.02, 2)
  })

  it('find the level of noise to a few percent', () => {
    // Independent noise in three channels is weaker in luma, by the length of its weights.
    const inLuma = Math.hypot(0.299, 0.587, 0.114)
    for (const sigma of [0.02, 0.1]) expect(noiseLevel(noisy(sigma)) / (sigma * inLuma)).toBeCloseTo(1, 1)
    expect(noiseLevel(scene)).toBeLessThan(0.005)
  })

  it('measure the distance of patches: none to the same, more to the blurred than to other noise', () => {
    const [a, same, blurred] = [noisy(0.05, 1), noisy(0.05, 2), soft].map((one) => patchStatistics([one, one, one]))
    expect(patchFrechet(a, a)).toBeLessThan(1e-6)
    expect(patchFrechet(a, same)).toBeLessThan(0.2 * patchFrechet(a, blurred))
    expect(patchFrechet(a, blurred)).toBeCloseTo(patchFrechet(blurred, a), 6)
  })

  it('refuse what they cannot measure', () => {
    const small: Picture = { shape: [1, 10, 40], data: new Float64Array(400) }
    expect(() => ssim(small, small)).toThrow(/40 × 10/)
    expect(() => psnr(scene, small)).toThrow(RangeError)
    expect(() => patchStatistics([small])).toThrow(/2000/)
  })
})
