import { describe, expect, it } from 'vitest'
import type { KnownDamage } from '../../../main/algorithms/measurement.ts'
import { assembleDatabase } from '../../../main/algorithms/restoration/methods/degradation-assembly.ts'
import { agreed, degradationDatabase, nearest } from '../../../main/algorithms/restoration/methods/degradation-database.ts'
import { descriptorOf } from '../../../main/algorithms/restoration/methods/degradation-descriptor.ts'
import { blur } from '../../../main/algorithms/restoration/operators/blur.ts'
import { jpegRoundTrip } from '../../../main/algorithms/restoration/operators/jpeg.ts'
import type { Picture } from '../../../main/math/picture.ts'
import { normals } from '../../kit/generate.ts'

const SIDE = 96
const SIZE = SIDE * SIDE
type Shape = [number, number, number]
const SHAPE: Shape = [3, SIDE, SIDE]

const blurred = (data: Float64Array, sigma: number, shape: Shape = SHAPE): Float64Array =>
  sigma === 0 ? data : blur.make(blur.params.parse({ shape, kernel: { kind: 'gaussian', sigma } }), {}).apply(data)

/** A picture of patches with edges, gradients and a little texture. */
function scene(seed: number, columns = SIDE): Picture {
  const shape: Shape = [3, SIDE, columns]
  const values = normals(200, seed)
  const data = Float64Array.from({ length: 3 * SIDE * columns }, (_, i) => {
    const [plane, row, column] = [Math.floor(i / (SIDE * columns)), Math.floor(i / columns) % SIDE, i % columns]
    let value = 0.5 + 0.1 * values[plane] + (0.1 * values[3] * row) / SIDE
    for (let k = 0; k < 12; k++) {
      const inside = values[4 * k + 4] * (row - 48 - 20 * values[4 * k + 5]) + values[4 * k + 6] * (column - 48 - 20 * values[4 * k + 7])
      if (inside > 0) value += 0.12 * values[60 + 3 * k + plane]
    }
    return value + 0.03 * Math.sin(row * (1 + values[120] / 4)) * Math.sin(column * (1 + values[121] / 4))
  })
  return { shape, data: blurred(data, 0.5, shape).map((value) => Math.min(1, Math.max(0, value))) }
}

function damaged(picture: Picture, { blur: sigma, noise, quality }: KnownDamage, seed: number): Picture {
  const soft = blurred(Float64Array.from(picture.data), sigma, picture.shape as Shape)
  const grain = normals(soft.length, seed)
  const data = soft.map((value, i) => Math.round(Math.min(255, Math.max(0, 255 * value + noise * grain[i]))) / 255)
  const out: Picture = { shape: picture.shape, data }
  return quality > 100 ? out : jpegRoundTrip(out, { quality, chroma: '420', rounding: '8-bit' })
}

const damageOf = (seed: number): KnownDamage => {
  const [a, b, c, d] = normals(4, seed).map((value) => 1 / (1 + Math.exp(-1.7 * value)))
  return { blur: a < 0.3 ? 0 : 0.4 * 7.5 ** b, scale: 1, noise: c < 0.3 ? 0 : 35 ** c, quality: d < 0.4 ? 101 : Math.round(10 + 80 * d) }
}

const damages = Array.from({ length: 120 }, (_, i) => damageOf(1000 + i))
const scenes = Array.from({ length: 12 }, (_, i) => scene(i))
const described = damages.map((damage, i) => descriptorOf(damaged(scenes[i % 12], damage, 3000 + i)))

const clean: KnownDamage = { blur: 0, scale: 1, noise: 0, quality: 101 }

describe('the description of a picture', () => {
  it('is the same in the mirror, where the windows mirror too', () => {
    const picture = scene(1, 128)
    const mirrored: Picture = {
      shape: picture.shape,
      data: picture.data.map((_, i) => picture.data[Math.floor(i / 128) * 128 + 127 - (i % 128)]) as Float64Array,
    }
    const [there, back] = [descriptorOf(picture), descriptorOf(mirrored)]
    for (const [i, value] of there.entries()) expect(back[i]).toBeCloseTo(value, 9)
  })

  it('feels noise, level by level', () => {
    const felt = [0, 1, 2, 4, 8, 16].map((noise) => descriptorOf(damaged(scene(2), { ...clean, noise }, 7))[19])
    for (const [i, value] of felt.entries()) if (i > 0) expect(value).toBeGreaterThan(felt[i - 1])
  })

  it('finds the steps of a JPEG’s quantiser', () => {
    const steps = (quality: number) => [...descriptorOf(damaged(scene(3), { ...clean, noise: 3, quality }, 7)).subarray(27, 33)]
    // The luma table of quality 30 has 18 to 23 at these frequencies.
    const inTable = (quality: number) => steps(quality).filter((step) => step >= Math.log2(17) && step <= Math.log2(24)).length
    expect(inTable(30)).toBeGreaterThanOrEqual(4)
    expect(inTable(101)).toBe(0)
  })

  it('needs something to look at', () => {
    expect(() => descriptorOf({ shape: [3, 63, 80], data: new Float64Array(3 * 63 * 80) })).toThrow(/80 × 63/)
  })
})

describe.each([false, true])('the database, whitened: %s', (whiten) => {
  const database = assembleDatabase(described, damages, whiten)
  const query = degradationDatabase.make({ neighbours: 9 }, {}).query

  it('knows a picture that is in it', () => {
    for (const i of [0, 50, 119]) {
      const { places, distances } = nearest(database.z, database.z[i], 3)
      expect(places[0]).toBe(i)
      expect(distances[0]).toBe(0)
      expect(
        agreed(
          places.map((k) => database.damages[k]),
          distances,
        ),
      ).toEqual(database.damages[i])
    }
  })

  it('tells noise and JPEG of pictures it has never seen far better than a guess', () => {
    const truths = Array.from({ length: 24 }, (_, i) => damageOf(9000 + i))
    const guesses = truths.map((damage, i) => query(damaged(scene(100 + i), damage, 5000 + i), database))
    const errorOf = (guess: (i: number) => number) =>
      truths.reduce((sum, { noise }, i) => sum + Math.abs(guess(i) - noise), 0) / truths.length
    const typical = [...database.damages].sort((a, b) => a.noise - b.noise)[60].noise
    expect(errorOf((i) => guesses[i].damage.noise)).toBeLessThan(0.5 * errorOf(() => typical))
    const right = truths.filter(({ quality }, i) => quality < 101 === guesses[i].damage.quality < 101).length
    expect(right / truths.length).toBeGreaterThan(0.85)
    for (const { damage } of guesses) expect(damage.noise).toBeGreaterThanOrEqual(0.3)
  })

  it('is unsure of what is unlike anything in it', () => {
    const stripes: Picture = { shape: SHAPE, data: Float64Array.from({ length: 3 * SIZE }, (_, i) => (i % 2 === 0 ? 1 : 0)) }
    expect(query(stripes, database).unsure).toBe(true)
    expect(query(damaged(scene(0), database.damages[0], 3000), database).unsure).toBe(false)
  })

  it('takes the quality of those alone that voted for a JPEG', () => {
    const found = [
      { ...clean, quality: 30 },
      { ...clean, quality: 101 },
      { ...clean, quality: 40 },
    ]
    expect(agreed(found, [1, 1, 1.1]).quality).toBe(30)
    expect(agreed(found, [4, 1, 4]).quality).toBe(101)
  })
})
