import { describe, expect, it } from 'vitest'
import { type Descent, spiderBoost } from '../../../main/algorithms/learning/private-stationary.ts'
import { noiseFor, rhoOf } from '../../../main/math/private-budget.ts'
import { normals } from '../../kit/generate.ts'
import { sigmoidSlope } from '../../kit/private-loss.ts'

const nothing = (count: number) => new Float64Array(count)
const lossOf = (rows: Float64Array, width: number) => ({
  count: rows.length / width,
  slope: (w: Float64Array, one: number) => sigmoidSlope(rows.subarray(width * one, width * (one + 1)), one % 3 === 0 ? -1 : 1, w),
})
const meanSlope = ({ count, slope }: ReturnType<typeof lossOf>, w: Float64Array) => {
  const sum = new Float64Array(w.length)
  for (let one = 0; one < count; one++) for (const [i, value] of slope(w, one).entries()) sum[i] += value / count
  return sum
}
const plain: Descent = { steps: 12, phase: 3, steepest: 1e9, curvature: 1e9, rate: 0.5, noise: 0 }

describe('private SpiderBoost', () => {
  it.each([1, 2, 3, 12])('is plain descent where nothing is cut or hidden: whole slopes every %i steps', (phase) => {
    const loss = lossOf(normals(40, 1), 4)
    let w: Float64Array = Float64Array.of(0.2, -0.1, 0.4, 0)
    for (const step of spiderBoost(w, loss, { ...plain, phase }, nothing)) {
      const slope = meanSlope(loss, w)
      w = w.map((value, i) => value - 0.5 * slope[i])
      for (const [i, value] of step.w.entries()) expect(Math.abs(value - w[i])).toBeLessThan(1e-12)
    }
  })

  it('changes by no more than its sensitivity where one is replaced', () => {
    for (let trial = 0; trial < 60; trial++) {
      const rows = normals(40, 3 * trial).map((value) => 3 * value)
      const other = rows.slice()
      other.set(
        normals(4, 3 * trial + 1).map((value) => 5 * value),
        4 * (trial % 10),
      )
      const settings = { ...plain, steepest: 0.12, curvature: 0.4 }
      const [one, two] = [rows, other].map((data) => [
        ...spiderBoost(new Float64Array(4), lossOf(data, 4), { ...settings, steps: 1 }, nothing),
      ])
      expect(Math.hypot(...one[0].slope.map((value, i) => value - two[0].slope[i]))).toBeLessThanOrEqual(one[0].sensitivity * (1 + 1e-12))
    }
  })

  it('needs less noise the shorter its steps, and never more than a whole slope’s twice over', () => {
    const steps = [
      ...spiderBoost(
        Float64Array.of(1, 1, -1, 0),
        lossOf(normals(400, 5), 4),
        { ...plain, steepest: 0.5, curvature: 0.5, noise: 1, steps: 9 },
        (n) => normals(n, 1),
      ),
    ]
    for (const [i, { deviation }] of steps.entries()) {
      if (i % 3 === 0) expect(deviation).toBeCloseTo((2 * 0.5) / 100, 12)
      else {
        const [a, b] = [steps[i - 1].w, steps[i - 2]?.w ?? Float64Array.of(1, 1, -1, 0)]
        expect(deviation).toBeCloseTo((2 * Math.min(0.5 * Math.hypot(...a.map((value, k) => value - b[k])), 1)) / 100, 12)
        expect(deviation).toBeLessThanOrEqual(2 * steps[0].deviation)
      }
    }
  })

  it('comes near to rest all the same', () => {
    const loss = lossOf(normals(5 * 2000, 8), 5)
    const noise = noiseFor(rhoOf(4, 1e-5), 60)
    let seed = 100
    const normal = (size: number) => normals(size, seed++)
    const start = Float64Array.of(1, -1, 1, -1, 1)
    const settings = { steps: 60, phase: 10, steepest: 0.8, curvature: 0.6, rate: 1, noise }
    const steps = [...spiderBoost(start, loss, settings, normal)]
    const lengthAt = (w: Float64Array) => Math.hypot(...meanSlope(loss, w))
    expect(lengthAt(steps[steps.length - 1].w)).toBeLessThan(0.4 * lengthAt(start))
  })
})
