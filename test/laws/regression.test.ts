import { describe, expect, it } from 'vitest'
import { regressions } from '../../main/algorithms/index.ts'
import type { Regression } from '../../main/algorithms/regression.ts'
import { matrix } from '../../main/math/matrix.ts'
import { furthest, normals } from '../kit/generate.ts'

const { signal } = new AbortController()

describe.each(regressions.map((method) => [method.id, method] as const))('the regression %s', (_, method) => {
  const regression: Regression = method.make(method.params.parse({ gamma: 0.5, ridge: 0.01 }), {})
  const places = matrix(12, 2, normals(24, 1))
  const values = matrix(12, 3, normals(36, 2))

  it('says of the places it learned from what it says of them as others', async () => {
    const { fitted, at } = regression.fit(places, values)
    expect(furthest((await at(places, signal)).data, fitted.data)).toBeLessThan(1e-10)
  })

  it('comes near to what is smooth, and treats every value by itself', async () => {
    const line = matrix(
      40,
      1,
      Float64Array.from({ length: 40 }, (_, i) => -2 + i / 10),
    )
    const waves = matrix(
      40,
      2,
      Float64Array.from({ length: 80 }, (_, k) => (k % 2 ? 0 : Math.sin(line.data[k >> 1]))),
    )
    const said = await regression.fit(line, waves).at(matrix(1, 1, Float64Array.of(0.25)), signal)
    expect(Math.abs(said.data[0] - Math.sin(0.25))).toBeLessThan(0.05)
    expect(said.data[1]).toBeCloseTo(0, 12)
  })

  it('comes nearer to what it is to trust', async () => {
    const off = (trust: number) => {
      const { fitted } = regression.fit(
        places,
        values,
        Float64Array.from({ length: 12 }, (_, i) => (i === 4 ? trust : 1)),
      )
      return Math.abs(fitted.data[12] - values.data[12])
    }
    expect(off(100)).toBeLessThan(off(1))
    expect(off(0.01)).toBeGreaterThan(off(1))
  })

  it('refuses what does not belong together', () => {
    expect(() => regression.fit(matrix(0, 2), matrix(0, 1))).toThrow(RangeError)
    expect(() => regression.fit(places, matrix(11, 1))).toThrow(RangeError)
    expect(() => regression.fit(places, matrix(12, 1, new Float64Array(12).fill(Number.NaN)))).toThrow(RangeError)
    expect(() => regression.fit(places, values, new Float64Array(12))).toThrow(RangeError)
  })

  it('stops when it is told to', async () => {
    await expect(regression.fit(places, values).at(places, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  })
})
