import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { damageQueries } from '../../main/algorithms/index.ts'
import type { DamageDatabase, KnownDamage } from '../../main/algorithms/measurement.ts'
import { DESCRIPTOR_LENGTH } from '../../main/algorithms/restoration/methods/degradation-descriptor.ts'
import type { Picture } from '../../main/math/picture.ts'
import { normals, uniforms } from '../kit/generate.ts'

const picture: Picture = { shape: [3, 72, 80], data: uniforms(3 * 72 * 80, 5) }

/** A database of any descriptions, in no relation to any picture. */
const databaseOf = (damages: readonly KnownDamage[], seed: number): DamageDatabase => ({
  z: damages.map((_, i) => normals(DESCRIPTOR_LENGTH, seed + i)),
  damages,
  mean: new Float64Array(DESCRIPTOR_LENGTH),
  deviation: new Float64Array(DESCRIPTOR_LENGTH).fill(1),
  whitening: null,
  limit: 1,
})
const damage = fc.record({
  blur: fc.double({ min: 0, max: 4, noNaN: true }),
  scale: fc.double({ min: 1, max: 4, noNaN: true }),
  noise: fc.double({ min: 1, max: 40, noNaN: true }),
  quality: fc.integer({ min: 5, max: 101 }),
})

describe.each(damageQueries.map((method) => [method.id, method] as const))('the query %s', (_, method) => {
  const { query } = method.make(method.params.parse({}), {})

  it('says what was done to all that were simulated, where that was one and the same', () => {
    fc.assert(
      fc.property(damage, fc.integer({ min: 1, max: 20 }), (one, count) => {
        const found = query(picture, databaseOf(new Array<KnownDamage>(count).fill(one), 7))
        expect(found.damage).toEqual(one)
        expect(found.spread).toEqual({ blur: 0, scale: 0, noise: 0, quality: 0 })
      }),
      { numRuns: 5 },
    )
  })

  it('says nothing that was not simulated, the same each time, in whatever order the entries stand', () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 2, maxLength: 30 }), (damages) => {
        const database = databaseOf(damages, 70)
        const before = picture.data.slice()
        const found = query(picture, database)
        expect(picture.data).toEqual(before)
        for (const name of ['blur', 'scale', 'noise', 'quality'] as const) {
          const all = damages.map((one) => one[name])
          expect(found.damage[name]).toBeGreaterThanOrEqual(Math.min(...all))
          expect(found.damage[name]).toBeLessThanOrEqual(Math.max(...all))
          expect(found.spread[name]).toBeGreaterThanOrEqual(0)
        }
        const turned = query(picture, { ...database, z: database.z.toReversed(), damages: damages.toReversed() })
        expect(turned.damage).toEqual(found.damage)
        expect(turned.evidence.map((place) => damages.length - 1 - place)).toEqual([...found.evidence])
      }),
      { numRuns: 5 },
    )
  })

  it('refuses what is too small to be judged', () => {
    const small: Picture = { shape: [3, 63, 80], data: new Float64Array(3 * 63 * 80) }
    expect(() => query(small, databaseOf([{ blur: 0, scale: 1, noise: 1, quality: 101 }], 1))).toThrow(RangeError)
  })
})
