import { describe, expect, it } from 'vitest'
import { scoresOf, sensitivitySampling } from '../../../main/algorithms/transport/sensitivity-sampling.ts'
import { colourFeatures, leastAbsolute } from '../../../main/math/colour-fit.ts'
import { applyMatrix, fromRows, inverse, type Matrix, matrix, multiply, transpose } from '../../../main/math/matrix.ts'
import { columnBasis } from '../../../main/math/sensitivity.ts'
import { normals, uniforms } from '../../kit/generate.ts'

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)
const far = (a: Float64Array, b: Float64Array) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

describe('scores', () => {
  const rows = matrix(40, 3, normals(120, 2))
  const basis = columnBasis(rows)
  it.each([1, 1.5, 2, 3])('bound the sensitivity, and its sum: p = %f', (p) => {
    const exact = scoresOf(basis, p, 'exact')
    const lewis = scoresOf(basis, p, 'lewis')
    const root = scoresOf(basis, p, 'root-leverage')
    expect(total(lewis)).toBeCloseTo(3, 6)
    const [scale, rootScale] = p > 2 ? [3 ** (p / 2 - 1), 40 ** (p / 2 - 1)] : [1, 1]
    for (const [i, value] of exact.entries()) {
      expect(value).toBeLessThanOrEqual(scale * lewis[i] + 1e-7)
      expect(value).toBeLessThanOrEqual(rootScale * root[i] + 1e-7)
    }
    const [low, high] = [Math.min(3, 3 ** (p / 2)), Math.max(3, 3 ** (p / 2))]
    expect(total(exact)).toBeGreaterThan(low - 1e-6)
    expect(total(exact)).toBeLessThan(high + 1e-6)
  })

  it('do not depend on the units of the columns', () => {
    const mixed = multiply(
      rows,
      fromRows([
        [200, 1, 0],
        [0, 0.01, 3],
        [1, 0, 1],
      ]),
    )
    for (const score of ['exact', 'lewis', 'leverage'] as const)
      expect(far(scoresOf(columnBasis(mixed), 1, score), scoresOf(basis, 1, score))).toBeLessThan(1e-6)
  })
})

describe('a sample', () => {
  // Normal rows, a weak column, and four rows that stand out in it.
  const [count, width] = [5000, 6]
  const rows = (seed: number): Matrix => {
    const data = normals(count * width, seed).map((value, i) => (i % width === width - 1 ? 0.02 * value : value))
    for (let i = 0; i < 4; i++) for (let j = 0; j < width; j++) data[i * width + j] *= j === width - 1 ? 1500 : 0.1
    return matrix(count, width, data)
  }
  const directionsOf = (a: Matrix): Float64Array[] => {
    const gram = inverse(multiply(transpose(a), a))
    const random = Array.from({ length: 60 }, (_, k) => normals(width, 900 + k))
    const axes = Array.from({ length: width }, (_, k) => Float64Array.from({ length: width }, (_unused, j) => Number(j === k)))
    return [...random, ...axes, ...[0, 1, 2, 3].map((i) => applyMatrix(gram, a.data.subarray(i * width, (i + 1) * width)))]
  }
  const worst = (a: Matrix, kept: Int32Array, weights: Float64Array, p: number) =>
    directionsOf(a).reduce((most, x) => {
      const values = applyMatrix(a, x).map((value) => Math.abs(value) ** p)
      const few = kept.reduce((sum, i, k) => sum + weights[k] * values[i], 0)
      return Math.max(most, Math.abs(few / total(values) - 1))
    }, 0)

  it.each([1, 2, 3])('of 600 in 5000 stands for all in every direction, where an even one does not: p = %f', (p) => {
    const sampler = sensitivitySampling.make(sensitivitySampling.params.parse({ p }), {})
    for (const seed of [1, 2]) {
      const a = rows(seed)
      const sample = sampler.sample(a, 600, seed)
      expect(worst(a, sample.rows, sample.weights, p)).toBeLessThan(0.25)
      const even = Int32Array.from(uniforms(600, seed + 50), (value) => Math.floor(value * count))
      expect(worst(a, even, new Float64Array(600).fill(count / 600), p)).toBeGreaterThan(0.25)
    }
  })

  it('fits a change of colours as well as all pixels do, though some are wrong', () => {
    const source = uniforms(3 * 4000, 8)
    const spoilt = uniforms(4000, 9)
    const target = Float64Array.from({ length: 4000 }, (_, i) => {
      const right = 0.1 + 0.8 * source[3 * i] - 0.2 * source[3 * i + 1] + 0.02 * Math.sin(40 * source[3 * i + 2])
      return spoilt[i] < 0.1 ? 1 - right : right
    })
    const features = colourFeatures(source, 'affine')
    const joint = matrix(
      4000,
      5,
      Float64Array.from({ length: 20_000 }, (_, at) =>
        at % 5 < 4 ? features.data[Math.floor(at / 5) * 4 + (at % 5)] : target[Math.floor(at / 5)],
      ),
    )
    const { rows: kept, weights } = sensitivitySampling.make(sensitivitySampling.params.parse({ p: 1 }), {}).sample(joint, 200, 3)
    const few = matrix(
      kept.length,
      4,
      Float64Array.from({ length: 4 * kept.length }, (_, at) => features.data[4 * kept[Math.floor(at / 4)] + (at % 4)]),
    )
    const loss = (x: Float64Array) => applyMatrix(features, x).reduce((sum, value, i) => sum + Math.abs(value - target[i]), 0)
    const whole = leastAbsolute(features, target, new Float64Array(4000).fill(1))
    const part = leastAbsolute(
      few,
      Float64Array.from(kept, (i) => target[i]),
      weights,
    )
    expect(loss(part)).toBeLessThan(1.05 * loss(whole))
    expect(whole[1]).toBeCloseTo(0.8, 1)
  })
})
