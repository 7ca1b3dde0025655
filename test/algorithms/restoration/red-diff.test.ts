import { describe, expect, it } from 'vitest'
import type { Forward, Measurement } from '../../../main/algorithms/measurement.ts'
import { redDiff } from '../../../main/algorithms/restoration/methods/red-diff.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { strideLegs } from '../../../main/math/stride.ts'
import { apart, drawsOf, furthest, normals, signal } from '../../kit/generate.ts'
import { denseOperator, levels } from '../../kit/measurements.ts'
import { predictMixture } from '../../kit/mixture.ts'

const MEAN = [0.3, -0.3, 0.2, -0.1]
const truth = normals(4, 3).map((value, i) => MEAN[i] + 0.2 * value)
const operator = denseOperator([
  [0.9, 0.2, 0, 0.1],
  [0.1, 0.7, -0.3, 0],
])
const knowing: Measurement['denoise'] = async (x, at) => predictMixture({ weights: [1], means: [MEAN], stds: [0.2] }, x, at)
const restore = (params: object, change: Partial<Measurement> = {}) => {
  const own: Measurement = {
    operator,
    y: operator.apply(truth),
    deviation: 0,
    denoise: knowing,
    legs: strideLegs(levels, 200),
    draw: drawsOf(1),
    ...change,
  }
  return outcome(redDiff.make(redDiff.params.parse(params), {}).reconstruct(own, signal))
}

describe('RED-Diff', () => {
  it('without the model is a least square', async () => {
    const x = await restore({ lambda: 0 }, { start: new Float64Array(4), legs: strideLegs(levels, 1000) })
    expect(furthest(operator.apply(x), operator.apply(truth))).toBeLessThan(1e-3)
  })

  it('feels nothing of a model that sees just the noise that was put in', async () => {
    let put = new Float64Array(0)
    const draws = drawsOf(1)
    const draw = (count: number) => {
      put = draws(count) as Float64Array<ArrayBuffer>
      return put
    }
    const start = new Float64Array(4)
    const oracle = await restore({ lambda: 1 }, { start, draw, denoise: async (x) => ({ x0: x, eps: put }) })
    expect(oracle).toEqual(await restore({ lambda: 0 }, { start }))
  })

  it('trades the measurement for the model by one weight', async () => {
    // What pulls towards the model's mean grows with lambda; what fits the measurement falls.
    const noisy = { y: operator.apply(truth.map((value) => value + 0.4)), deviation: 0.3, start: Float64Array.from(MEAN) }
    const misfit = async (lambda: number) => apart(operator.apply(await restore({ lambda, rate: 0.05 }, noisy)), noisy.y)
    const errors = [await misfit(0.001), await misfit(0.1), await misfit(5)]
    expect(errors[0]).toBeLessThan(errors[1])
    expect(errors[1]).toBeLessThan(errors[2])
  })

  it('undoes what is not linear, by its slope at the place: highlights that were clipped', async () => {
    const clipped: Forward = {
      inShape: [4],
      outShape: [4],
      apply: (x) => x.map((value) => Math.min(1, Math.max(-1, 2 * value))),
      adjoint: (y, at) => y.map((value, i) => (Math.abs(2 * at[i]) < 1 ? 2 * value : 0)),
    }
    const bright = Float64Array.of(0.7, -0.35, 0.1, 0.4)
    const y = clipped.apply(bright)
    const bold: Measurement['denoise'] = async (x, at) => predictMixture({ weights: [1], means: [[0.7, 0, 0, 0]], stds: [0.2] }, x, at)
    const x = await restore({ lambda: 0.05 }, { operator: clipped, y, start: y.map((value) => value / 2), denoise: bold })
    expect(y[0]).toBe(1)
    // The clipped one is found by what pictures are, the others by what was measured.
    expect(Math.abs(x[0] - 0.7)).toBeLessThan(0.06)
    for (const i of [1, 2, 3]) expect(Math.abs(x[i] - bright[i])).toBeLessThan(0.06)
  })
})
