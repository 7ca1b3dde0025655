import { describe, expect, it } from 'vitest'
import { bestShare, distilling, tuned } from '../../../main/algorithms/learning/self-distillation.ts'
import { gaussianKernel } from '../../../main/math/kernel-ridge.ts'
import { applyMatrix, combine, identity, inverse, type Matrix, matrix, multiply } from '../../../main/math/matrix.ts'
import { furthest, normals } from '../../kit/generate.ts'

const { signal } = new AbortController()
const places = matrix(14, 2, normals(28, 1))
const values = matrix(14, 2, normals(28, 2))
const [gamma, ridge] = [0.7, 0.1]
const fit = distilling(places, values, { gamma, ridge })
const others = matrix(9, 2, normals(18, 3))
const mean = (a: Matrix, b: Matrix) => a.data.reduce((sum, value, k) => sum + (value - b.data[k]) ** 2, 0) / a.data.length

describe('a fit taught by itself', () => {
  it('is the explicit chain of fits', async () => {
    const kernel = gaussianKernel(places, places, gamma)
    const solve = inverse(combine([1, kernel], [ridge, identity(14)]))
    const alphas = [0.7, 0.2, 0, 0.5]
    let taught = values
    for (const [step, alpha] of alphas.entries()) {
      const weights = multiply(solve, combine([alpha, values], [1 - alpha, taught]))
      taught = multiply(kernel, weights)
      const upTo = alphas.slice(0, step + 1)
      expect(furthest(fit.weights(upTo).data, weights.data)).toBeLessThan(1e-10)
      expect(furthest(fit.fitted(upTo).data, taught.data)).toBeLessThan(1e-10)
    }
  })

  it('with trust is a ridge that falls with it', () => {
    const trust = normals(14, 6).map((value) => 0.2 + Math.abs(value))
    const kernel = gaussianKernel(places, places, gamma)
    const penalty = matrix(
      14,
      14,
      identity(14).data.map((one, k) => (one * ridge) / trust[k % 14]),
    )
    const first = values.data.filter((_, k) => k % 2 === 0)
    const wanted = applyMatrix(inverse(combine([1, kernel], [1, penalty])), first)
    const { data } = distilling(places, values, { gamma, ridge }, trust).weights([1])
    for (const [i, value] of wanted.entries()) expect(data[2 * i]).toBeCloseTo(value, 10)
  })

  it('leads to the limit, stays where all trust is in the strokes, and is lost where none is', () => {
    const ending = (alpha: number) => fit.weights(new Array(200).fill(alpha)).data
    expect(furthest(ending(0.3), fit.limit(0.3).data)).toBeLessThan(1e-8)
    expect(furthest(ending(1), fit.weights([1]).data)).toBeLessThan(1e-14)
    expect(fit.limit(0).data.every((value) => value === 0)).toBe(true)
  })

  it('shrinks more with every step and less with trust, what matters little the most', () => {
    const [one, two] = fit.factors([0.3, 0.3])
    const trusting = fit.factors([0.6, 0.6])[1]
    for (const [i, left] of two.entries()) {
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThan(one[i])
      expect(left).toBeLessThan(trusting[i])
    }
    const ratio = (i: number) => two[i] / one[i]
    expect(ratio(0)).toBeLessThan(ratio(two.length - 1))
  })
})

describe('the best trust', () => {
  it('is that of a search over a hundred, and no worse than the plain fit at any step', async () => {
    const wanted = matrix(9, 2, normals(18, 4))
    const { alphas, shares } = await tuned(fit, { places: others, values: wanted }, 5, signal)
    const losses: number[] = []
    for (let step = 1; step <= 5; step++) losses.push(mean(await fit.at(others, fit.weights(alphas.slice(0, step)), signal), wanted))
    for (const [step, share] of shares.entries()) {
      const before = alphas.slice(0, step + 1)
      const grid: number[] = []
      for (let k = 0; k <= 100; k++) grid.push(mean(await fit.at(others, fit.weights([...before, k / 100]), signal), wanted))
      expect(losses[step + 1]).toBeLessThanOrEqual(Math.min(...grid) + 1e-12)
      expect(alphas[step + 1]).toBe(Math.min(1, Math.max(0, share)))
    }
    expect(losses[4]).toBeLessThanOrEqual(losses[0] + 1e-12)
  })

  it('is all where nothing is to choose', () => {
    expect(bestShare(values, values, values)).toBe(1)
  })
})

it('spreads scribbled colours no worse than a plain fit, with trust learned from strokes that were held back', async () => {
  const side = 32
  let [plain, taught] = [0, 0]
  for (const seed of [1, 2, 3, 4, 5]) {
    const chance = normals(4 * 40 + 8, 100 * seed)
    // A picture of soft patches: a hue by place and brightness.
    const light = (x: number, y: number) => Math.sin(4 * x + chance[0]) * Math.cos(3 * y + chance[1])
    const hue = (x: number, y: number) => Math.tanh(3 * light(x, y) + chance[2] * x)
    const feature = (x: number, y: number) => [3 * x, 3 * y, 4 * light(x, y)]
    const rows = Array.from({ length: side * side }, (_, i) => [(i % side) / side, Math.floor(i / side) / side] as const)
    const all = matrix(rows.length, 3, Float64Array.from(rows.flatMap(([x, y]) => feature(x, y))))
    const truth = matrix(
      rows.length,
      1,
      Float64Array.from(rows, ([x, y]) => hue(x, y)),
    )
    const strokes = Array.from({ length: 40 }, (_, s) => {
      const [x, y] = [Math.abs(chance[8 + 4 * s]) % 1, Math.abs(chance[9 + 4 * s]) % 1]
      return { x, y, value: hue(x, y) + 0.4 * chance[10 + 4 * s] }
    })
    const samples = (some: typeof strokes) => ({
      places: matrix(some.length, 3, Float64Array.from(some.flatMap(({ x, y }) => feature(x, y)))),
      values: matrix(
        some.length,
        1,
        Float64Array.from(some, ({ value }) => value),
      ),
    })
    const [kept, held] = [samples(strokes.slice(8)), samples(strokes.slice(0, 8))]
    const spread = distilling(kept.places, kept.values, { gamma: 1, ridge: 0.05 })
    const { alphas } = await tuned(spread, held, 5, signal)
    plain += mean(await spread.at(all, spread.weights([1]), signal), truth)
    taught += mean(await spread.at(all, spread.weights(alphas), signal), truth)
  }
  expect(Math.sqrt(taught / 5)).toBeLessThanOrEqual(Math.sqrt(plain / 5))
})
