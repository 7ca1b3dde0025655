import { describe, expect, it } from 'vitest'
import { rowSamplers } from '../../main/algorithms/index.ts'
import type { RowSample } from '../../main/algorithms/transport.ts'
import { type Matrix, matrix } from '../../main/math/matrix.ts'
import { normals } from '../kit/generate.ts'

const rows = matrix(
  80,
  3,
  normals(240, 4).map((value, i) => (i >= 30 && i < 33 ? 0 : value)),
)
const powers = ({ columns, data }: Matrix, x: readonly number[], p: number, only?: RowSample) => {
  const all = only ?? { rows: Int32Array.from({ length: data.length / columns }, (_, i) => i), weights: null }
  return [...all.rows].reduce((sum, i, k) => {
    const value = x.reduce((dot, factor, j) => dot + factor * data[i * columns + j], 0)
    return sum + (all.weights ? all.weights[k] : 1) * Math.abs(value) ** p
  }, 0)
}

describe.each(rowSamplers.map((method) => [method.id, method] as const))('the sampler of rows %s', (_, method) => {
  const samplerOf = (p: number) => method.make(method.params.parse({ p }), {})

  it.each([1, 1.5, 2, 3, 5])('is right on average: p = %f', (p) => {
    const { sample } = samplerOf(p)
    const x = [0.7, -1.1, 0.4]
    const draws = p > 3 ? 25 : 120
    const values = Array.from({ length: draws }, (_unused, seed) => powers(rows, x, p, sample(rows, 24, seed)))
    const mean = values.reduce((sum, value) => sum + value, 0) / draws
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1) / draws)
    expect(Math.abs(mean - powers(rows, x, p))).toBeLessThan(4 * deviation)
  })

  it('keeps about as many as wished, in order, the same for a seed, and none of nothing', () => {
    const { sample } = samplerOf(1)
    const kept = Array.from({ length: 40 }, (_unused, seed) => sample(rows, 24, seed))
    const mean = kept.reduce((sum, { rows: some }) => sum + some.length, 0) / 40
    expect(Math.abs(mean - 24)).toBeLessThan(3)
    for (const { rows: some, weights } of kept) {
      expect([...some]).toEqual([...some].sort((a, b) => a - b))
      expect(some.includes(10)).toBe(false)
      expect(weights.every((weight) => weight >= 1)).toBe(true)
    }
    expect(sample(rows, 24, 3)).toEqual(kept[3])
  })

  it('takes dependent columns for one, and refuses what cannot be', () => {
    const doubled = matrix(
      40,
      2,
      normals(80, 1).map((value, i, all) => (i % 2 ? 2 * all[i - 1] : value)),
    )
    expect(samplerOf(1).sample(doubled, 1, 1).rows.length).toBeLessThan(6)
    expect(() => samplerOf(1).sample(rows, 2, 1)).toThrow(RangeError)
    expect(() => samplerOf(1).sample(matrix(1, 1, Float64Array.of(Number.NaN)), 1, 1)).toThrow(RangeError)
  })
})
