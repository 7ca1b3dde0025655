import { describe, expect, it } from 'vitest'
import { mFac, prune } from '../../../main/algorithms/learning/m-fac.ts'
import { emptyWindow, fisherApply, inverseFisher, pushed, windowApply } from '../../../main/math/inverse-fisher.ts'
import { furthest, normals } from '../../kit/generate.ts'

const gradients = (count: number, size: number, seed: number) => Array.from({ length: count }, (_, i) => normals(size, seed + i))

describe('the inverse Fisher', () => {
  it('undoes F, whatever the order of the gradients', () => {
    const rows = gradients(9, 30, 10)
    const x = normals(30, 2)
    for (const damping of [1e-4, 1e-2, 1]) {
      const y = inverseFisher(rows, damping).apply(x)
      expect(furthest(fisherApply(rows, damping, y), x)).toBeLessThan(1e-8)
      const turned = inverseFisher([...rows].reverse(), damping).apply(x)
      expect(furthest(turned, y) * damping).toBeLessThan(1e-9)
    }
  })

  it('says single elements as products do', () => {
    for (const block of [7, Number.POSITIVE_INFINITY]) {
      const inverse = inverseFisher(gradients(4, 17, 3), 0.1, block)
      const diagonal = inverse.diagonal()
      for (const j of [0, 6, 16]) {
        const unit = new Float64Array(17)
        unit[j] = 1
        const column = inverse.apply(unit)
        expect(diagonal[j]).toBeCloseTo(column[j], 10)
        for (let i = 0; i < 17; i++) expect(inverse.element(i, j)).toBeCloseTo(column[i], 10)
      }
    }
  })

  it('of a window is that of its last gradients, and of tiny ones the damping alone', () => {
    const rows = gradients(11, 20, 40)
    const x = normals(20, 4)
    let window = emptyWindow(5)
    for (const row of rows) window = pushed(window, row)
    expect(furthest(windowApply(window, 0.05, x), inverseFisher(rows.slice(-5), 0.05).apply(x))).toBeLessThan(1e-10)
    const tiny = inverseFisher([normals(20, 5).map((value) => 1e-9 * value)], 0.5)
    expect(
      furthest(
        tiny.apply(x),
        x.map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-12)
  })

  it('refuses what is no such sum', () => {
    expect(() => inverseFisher([], 1)).toThrow(RangeError)
    expect(() => inverseFisher(gradients(2, 3, 1), 0)).toThrow(RangeError)
    expect(() => inverseFisher([normals(3, 1), normals(4, 1)], 1)).toThrow(RangeError)
    expect(() => prune(normals(3, 1), inverseFisher(gradients(2, 3, 1), 1), 4)).toThrow(RangeError)
  })
})

/** Least squares with features that come in pairs which nearly say the same: the slopes of single rows at the fit, and the loss. */
function paired(seed: number) {
  const [samples, size] = [160, 24]
  const base = normals(samples * size, seed)
  const rows = Array.from({ length: samples }, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => base[i * size + (j & ~1)] + (j % 2 ? 0.3 * base[i * size + j] : 0)),
  )
  const weights = normals(size, seed + 1)
  const loss = (w: Float64Array) =>
    rows.reduce((sum, row) => sum + row.reduce((part, value, j) => part + value * (w[j] - weights[j]), 0) ** 2, 0) / samples
  return { rows, weights, loss }
}

describe('pruning', () => {
  it('loses far less than leaving out the smallest weights, as the others make up for them', () => {
    const ratios = [1, 2, 3].map((seed) => {
      const { rows, weights, loss } = paired(100 * seed)
      const { weights: kept, dropped } = prune(weights, inverseFisher(rows, 1e-5), 8)
      const order = Array.from(weights.keys()).sort((a, b) => Math.abs(weights[a]) - Math.abs(weights[b]))
      const plain = weights.map((weight, i) => (order.indexOf(i) < 8 ? 0 : weight))
      expect(dropped.every((i) => kept[i] === 0)).toBe(true)
      return loss(kept) / loss(plain)
    })
    expect(ratios.reduce((a, b) => a + b) / 3).toBeLessThan(0.4)
  })

  it('orders by w² F where the weights are unrelated', () => {
    const size = 6
    const scales = [3, 1, 2, 0.5, 4, 1.5]
    const rows = scales.map((scale, i) => Float64Array.from({ length: size }, (_, j) => (i === j ? scale * Math.sqrt(size) : 0)))
    const weights = normals(size, 9)
    const { saliency } = prune(weights, inverseFisher(rows, 1e-8), 2)
    for (const [i, scale] of scales.entries()) expect(saliency[i] / (0.5 * weights[i] ** 2 * scale ** 2)).toBeCloseTo(1, 5)
  })
})

it('fits a badly scaled quadratic where plain steps crawl', () => {
  const scales = Float64Array.from({ length: 12 }, (_, i) => 10 ** (-i / 4))
  const noise = (step: number) => normals(12, 900 + step)
  const slope = (x: Float64Array, step: number) => x.map((value, i) => scales[i] * value + 0.01 * Math.sqrt(scales[i]) * noise(step)[i])
  const value = (x: Float64Array) => x.reduce((sum, one, i) => sum + scales[i] * one * one, 0)
  const optimizer = mFac.make(mFac.params.parse({ rate: 0.02, damping: 1e-3, momentum: 0.9 }), {})
  let state = optimizer.start({ values: normals(12, 6), shape: [12] })
  let plain = state.values
  for (let step = 0; step < 300; step++) {
    state = optimizer.step(state, slope(state.values, step))
    const gradient = slope(plain, step)
    plain = plain.map((one, i) => one - 0.02 * gradient[i])
  }
  expect(value(state.values)).toBeLessThan(0.3 * value(plain))
})
