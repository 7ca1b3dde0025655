import { describe, expect, it } from 'vitest'
import { irradiance, sun } from '../../../main/algorithms/splats/gaunt-relight.ts'
import { gauntProduct } from '../../../main/math/gaunt.ts'
import { harmonicsAt } from '../../../main/math/spherical-function.ts'
import { harmonicsInto } from '../../../main/math/spherical-harmonics.ts'
import { normals } from '../../kit/generate.ts'

const directions = Array.from({ length: 20 }, (_, k) => {
  const [x, y, z] = normals(3, 40 + k)
  const length = Math.hypot(x, y, z)
  return [x / length, y / length, z / length] as const
})
const at = (f: Float64Array, direction: readonly [number, number, number]) =>
  harmonicsAt(Math.sqrt(f.length) - 1, direction).reduce((sum, value, i) => sum + value * f[i], 0)

describe('functions on the sphere', () => {
  it('have the basis of splats', () => {
    for (const direction of [...directions, [0, 0, 1], [0, 0, -1]] as const) {
      const out = new Float64Array(16)
      harmonicsInto(out, 3, direction[0], direction[1], direction[2])
      for (const [i, value] of harmonicsAt(3, direction).entries()) expect(value).toBeCloseTo(out[i], 12)
    }
  })

  it.each([
    [0, 0],
    [1, 2],
    [3, 3],
    [7, 4],
    [10, 10],
  ])('multiply as their values do: degrees %i and %i', (a, b) => {
    const [f, h] = [normals((a + 1) ** 2, 1), normals((b + 1) ** 2, 2)]
    const product = gauntProduct(f, h)
    expect(product.length).toBe((a + b + 1) ** 2)
    for (const direction of directions) expect(at(product, direction)).toBeCloseTo(at(f, direction) * at(h, direction), 10)
    for (const [i, value] of gauntProduct(h, f).entries()) expect(value).toBeCloseTo(product[i], 11)
  })

  it('know one as what changes nothing, and refuse what is of no degree', () => {
    const f = normals(16, 3)
    for (const [i, value] of gauntProduct(f, Float64Array.of(Math.sqrt(4 * Math.PI))).entries()) expect(value).toBeCloseTo(f[i], 12)
    expect(() => gauntProduct(f, new Float64Array(5))).toThrow(RangeError)
    expect(() => gauntProduct(f, Float64Array.of(Number.NaN))).toThrow(RangeError)
    expect(() => gauntProduct(f, new Float64Array(22 ** 2))).toThrow(RangeError)
  })
})

it('light falls brightest on what faces the lamp', () => {
  const lamp = sun([0, 0, 1], 1, 4)
  const [front, side, back] = [irradiance(lamp, [0, 0, 1]), irradiance(lamp, [1, 0, 0]), irradiance(lamp, [0, 0, -1])]
  expect(front).toBeGreaterThan(side)
  expect(side).toBeGreaterThan(back)
})
