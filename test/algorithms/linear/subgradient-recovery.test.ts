import { describe, expect, it } from 'vitest'
import { spectralStart, subgradientRecovery } from '../../../main/algorithms/linear/subgradient-recovery.ts'
import { productOf } from '../../../main/math/factors.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { frobenius, type Matrix, matrix, multiply, transpose } from '../../../main/math/matrix.ts'
import { noiseOf, uniformsInto } from '../../../main/math/random.ts'
import { subgradientSteps } from '../../../main/math/subgradient.ts'
import { normals } from '../../kit/generate.ts'
import { flickeringTakes } from '../../kit/takes.ts'

const { signal } = new AbortController()
const psnr = (a: Float64Array, b: Float64Array) => -10 * Math.log10(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length)

/** Each pixel's median over the takes, for every take. */
function medians({ rows, columns, data }: Matrix): Float64Array {
  const middle = (column: number) => Float64Array.from({ length: rows }, (_, take) => data[take * columns + column]).sort()[rows >> 1]
  const one = Float64Array.from({ length: columns }, (_, column) => middle(column))
  return data.map((_, i) => one[i % columns])
}

/** A random matrix of rank 3, scaled to 10, with a share of wild values; and how far from it the steps end. */
function errorOf(share: number, columns: number, alpha: number): number {
  const truth = multiply(matrix(60, 3, normals(180, 1)), transpose(matrix(40, 3, normals(120, 2))))
  const scale = 10 / Math.sqrt(2400)
  const uniform = new Float64Array(4800)
  uniformsInto(uniform, noiseOf(5))
  const clean = truth.data.map((value) => value * scale)
  const spoiled = matrix(
    60,
    40,
    clean.map((value, i) => (uniform[i] < share ? scale * (10 * uniform[2400 + i] - 5) : value)),
  )
  let last = spectralStart(spoiled, null, columns, alpha, 0)
  for (const step of subgradientSteps(spoiled, null, last, { eta: 0.1, rho: 0.995, steps: 2500 })) last = step
  const apart = productOf(last).data.map((value, i) => value - clean[i])
  return frobenius(matrix(60, 40, apart)) / frobenius(matrix(60, 40, clean))
}

describe('the claims of the paper', () => {
  it('finds the matrix below wild values, with columns to spare, where it begins small and not where it begins large', () => {
    expect(errorOf(0.1, 3, 1e-3)).toBeLessThan(1e-5)
    const small = errorOf(0.1, 6, 1e-3)
    expect(small).toBeLessThan(2e-3)
    expect(errorOf(0.1, 6, 1)).toBeGreaterThan(20 * small)
  })
})

describe('clean from several takes', () => {
  it.each([
    [8, 0.1],
    [12, 0.2],
  ])('is at least ten decibels above the median where the light changes: %i takes, %f marked', async (count, share) => {
    const { takes, clean } = flickeringTakes(count, 24, share, 7)
    const room = subgradientRecovery.make(subgradientRecovery.params.parse({}), {})
    const split = await outcome(room.split(takes, signal))
    expect(split.rank).toBe(2)
    expect(psnr(split.clean.data, clean.data)).toBeGreaterThan(psnr(medians(takes.values), clean.data) + 10)
    expect(split.warnings).toEqual([])
  })

  it('says that the median does as well where the light does not change', async () => {
    const { takes } = flickeringTakes(8, 12, 0, 7)
    const still = { ...takes, values: { ...takes.values, data: takes.values.data.map((_, i) => takes.values.data[i % 144]) } }
    const room = subgradientRecovery.make(subgradientRecovery.params.parse({}), {})
    const split = await outcome(room.split(still, signal))
    expect(split.rank).toBe(1)
    expect(split.warnings).toContainEqual(expect.stringMatching(/median/))
  })
})
