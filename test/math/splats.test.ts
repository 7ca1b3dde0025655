import { describe, expect, it } from 'vitest'
import { adamStep, noMoments } from '../../main/math/adam.ts'
import { splatSlope } from '../../main/math/splat-gradient.ts'
import { renderSplats } from '../../main/math/splat-render.ts'
import { SPLAT_FIELDS, type SplatField, type Splats, widthsOf } from '../../main/math/splats.ts'
import { normals } from '../kit/generate.ts'
import { cameraAround, randomCloud } from '../kit/splat-cloud.ts'

const camera = cameraAround(16, 0.4)
const background = [0.2, 0.4, 0.6]
const along = (values: ArrayLike<number>, by: ArrayLike<number>) => Array.from(values).reduce((sum, value, i) => sum + value * by[i], 0)

describe('the slope of a rendering', () => {
  const loss = { image: normals(3 * 256, 1), depth: normals(256, 2), alpha: normals(256, 3) }
  const lossOf = (splats: Splats) => {
    const { image, depth, alpha } = renderSplats(splats, camera, background)
    return along(image, loss.image) + along(depth, loss.depth) + along(alpha, loss.alpha)
  }
  it.each(SPLAT_FIELDS)('is what differences show, for %s', (field) => {
    const splats = randomCloud(12, 3, 4)
    const slope = splatSlope(splats, camera, background, renderSplats(splats, camera, background), loss)
    const direction = normals(splats[field].length, 7)
    const at = (t: number) => lossOf({ ...splats, [field]: splats[field].map((value, i) => value + t * direction[i]) })
    const h = 1e-6
    expect((at(h) - at(-h)) / (2 * h) / along(slope[field], direction)).toBeCloseTo(1, 4)
  })

  it('does not change with the length of a quaternion, and has no part along it', () => {
    const splats = randomCloud(6, 1, 5)
    const longer = { ...splats, rotation: splats.rotation.map((value) => 7 * value) }
    const [a, b] = [renderSplats(splats, camera, background), renderSplats(longer, camera, background)]
    expect(Math.max(...Array.from(a.image, (value, i) => Math.abs(value - b.image[i])))).toBeLessThan(1e-12)
    const { rotation } = splatSlope(splats, camera, background, a, loss)
    for (let i = 0; i < 6; i++)
      expect(along(rotation.subarray(4 * i, 4 * i + 4), splats.rotation.subarray(4 * i, 4 * i + 4))).toBeCloseTo(0, 10)
  })
})

describe('a rendering', () => {
  it('of one splat on the axis is its colour over the background, by its opacity', () => {
    const one: Splats = {
      ...{ count: 1, degree: 0, position: Float64Array.of(0, 0, 0), logScale: new Float64Array(3).fill(-1) },
      ...{ rotation: Float64Array.of(1, 0, 0, 0), opacity: Float64Array.of(0.8), harmonics: Float64Array.of(1, 0, -1) },
    }
    const { image, alpha, depth } = renderSplats(one, { ...camera, rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], cx: 8.5, cy: 8.5 }, background)
    const o = 1 / (1 + Math.exp(-0.8))
    const at = 8 * 16 + 8
    for (const [channel, harmonic] of [1, 0, -1].entries()) {
      const colour = 0.5 + 0.28209479177387814 * harmonic
      expect(image[3 * at + channel]).toBeCloseTo(colour * o + (1 - o) * background[channel], 12)
    }
    expect(alpha[at]).toBeCloseTo(o, 12)
    expect(depth[at]).toBeCloseTo(3 * o, 12)
  })

  it('does not depend on the order of the splats', () => {
    const splats = randomCloud(20, 2, 6)
    const turned = Object.fromEntries(
      SPLAT_FIELDS.map((field) => {
        const width = widthsOf(2)[field]
        return [field, splats[field].map((_, at) => splats[field][(19 - Math.floor(at / width)) * width + (at % width)])]
      }),
    ) as Record<SplatField, Float64Array>
    expect(renderSplats({ ...splats, ...turned }, camera, background).image).toEqual(renderSplats(splats, camera, background).image)
  })

  it('is the background where there is nothing, and in float32 what it is in float64', () => {
    const none = randomCloud(0, 0, 1)
    expect([...renderSplats(none, camera, background).image.slice(0, 3)]).toEqual(background)
    const splats = randomCloud(30, 1, 9)
    const single = { ...splats, ...Object.fromEntries(SPLAT_FIELDS.map((field) => [field, Float32Array.from(splats[field])])) }
    const [a, b] = [renderSplats(splats, camera, background), renderSplats(single, camera, background)]
    expect(b.image).toBeInstanceOf(Float32Array)
    expect(Math.max(...Array.from(a.image, (value, i) => Math.abs(value - b.image[i])))).toBeLessThan(1e-4)
  })

  it.each<[string, (splats: Splats) => Splats, RegExp]>([
    [
      'a place that is no number',
      (splats) => ({ ...splats, position: splats.position.map((value, i) => (i === 4 ? Number.NaN : value)) }),
      /position of splat 1/,
    ],
    [
      'a quaternion of nothing',
      (splats) => ({ ...splats, rotation: splats.rotation.map((value, i) => (i < 8 ? value : 0)) }),
      /rotation of splat 2/,
    ],
    ['a field too short', (splats) => ({ ...splats, opacity: splats.opacity.slice(1) }), /opacity holds 2/],
  ])('is refused with %s', (_what, spoil, words) => {
    expect(() => renderSplats(spoil(randomCloud(3, 0, 2)), camera, background)).toThrow(words)
  })

  it('is refused without an area or a lens', () => {
    expect(() => renderSplats(randomCloud(1, 0, 1), { ...camera, width: 0 }, background)).toThrow(RangeError)
    expect(() => renderSplats(randomCloud(1, 0, 1), { ...camera, fx: 0 }, background)).toThrow(RangeError)
  })
})

it('fits a cloud to views of another', () => {
  const wanted = randomCloud(30, 0, 11)
  const cameras = Array.from({ length: 6 }, (_, k) => cameraAround(24, k))
  const views = cameras.map((view) => renderSplats(wanted, view, background).image)
  let cloud = randomCloud(120, 0, 12, 0.12)
  const rates: Record<SplatField, number> = { position: 0.004, logScale: 0.02, rotation: 0.004, opacity: 0.05, harmonics: 0.04 }
  let moments = Object.fromEntries(SPLAT_FIELDS.map((field) => [field, noMoments(cloud[field].length)]))
  const nothing = new Float64Array(24 * 24)
  const losses: number[] = []
  for (let step = 0; step < 60; step++) {
    const k = step % cameras.length
    const rendering = renderSplats(cloud, cameras[k], background)
    const image = Array.from(rendering.image, (value, i) => (2 * (value - views[k][i])) / views[k].length)
    losses.push(Array.from(rendering.image).reduce((sum, value, i) => sum + (value - views[k][i]) ** 2 / views[k].length, 0))
    const slope = splatSlope(cloud, cameras[k], background, rendering, { image, depth: nothing, alpha: nothing })
    const next: Record<string, Float64Array> = {}
    for (const field of SPLAT_FIELDS) {
      const adam = { rate: rates[field], beta1: 0.9, beta2: 0.999, epsilon: 1e-15 }
      const stepped = adamStep(Float64Array.from(cloud[field]), Float64Array.from(slope[field]), moments[field], adam)
      next[field] = stepped.x
      moments = { ...moments, [field]: stepped.moments }
    }
    cloud = { ...cloud, ...next }
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  // Ten decibels.
  expect(mean(losses.slice(-6))).toBeLessThan(0.1 * mean(losses.slice(0, 6)))
})
