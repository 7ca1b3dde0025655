import { describe, expect, it } from 'vitest'
import { crossBridge } from '../../main/algorithms/diffusion/paths/bridge-sampling.ts'
import { stochasticInterpolant } from '../../main/algorithms/diffusion/paths/stochastic-interpolant.ts'
import { outcome } from '../../main/math/integrate.ts'
import { bridgeFields } from '../../main/math/mixture-bridge.ts'
import { fitMixture } from '../../main/math/mixture-fit.ts'
import { noiseOf } from '../../main/math/random.ts'
import { drawsOf, normals, signal } from '../kit/generate.ts'

/** Colours in three clusters. */
const colours = (seed: number, centres: readonly (readonly number[])[], deviation: number) =>
  normals(9000, seed).map((z, at) => centres[Math.floor(at / 3) % centres.length][at % 3] + deviation * z)
const warm = colours(
  1,
  [
    [0.8, 0.1, 0.1],
    [0.5, 0.2, 0.05],
    [0.9, 0.02, 0.15],
  ],
  0.05,
)
const cold = colours(
  2,
  [
    [0.3, -0.1, -0.2],
    [0.6, -0.05, -0.1],
  ],
  0.06,
)
const moments = (x: Float64Array) =>
  [0, 1, 2].map((k) => {
    const values = x.filter((_, at) => at % 3 === k)
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) }
  })

describe('fitting a mixture', () => {
  it('finds the clusters it was drawn from', () => {
    const { means, weights, covariances } = fitMixture(warm, 3, 3, noiseOf(4))
    const reds = [...means.keys()].sort((a, b) => means[a][0] - means[b][0])
    for (const [i, red] of [0.5, 0.8, 0.9].entries()) {
      expect(Math.abs(means[reds[i]][0] - red)).toBeLessThan(0.02)
      expect(Math.abs(weights[reds[i]] - 1 / 3)).toBeLessThan(0.05)
      expect(Math.abs(Math.sqrt(covariances[reds[i]].data[0]) - 0.05)).toBeLessThan(0.01)
    }
  })

  it('grows likelier with more components, and is the same for a seed', () => {
    const [one, three] = [fitMixture(warm, 3, 1, noiseOf(4)), fitMixture(warm, 3, 3, noiseOf(4))]
    expect(three.likelihood).toBeGreaterThan(one.likelihood)
    expect(fitMixture(warm, 3, 3, noiseOf(4))).toEqual(three)
  })

  it('stands up to one colour, two points and more components than points', () => {
    expect(fitMixture(new Float64Array(30).fill(0.5), 3, 4, noiseOf(1)).likelihood).toBeGreaterThan(0)
    expect(fitMixture(Float64Array.of(0, 0, 0, 1, 1, 1), 3, 8, noiseOf(1)).means).toHaveLength(2)
    expect(() => fitMixture(Float64Array.of(1, 2, 3), 3, 2, noiseOf(1))).toThrow(RangeError)
  })

  it('carries one palette into the other across a bridge', async () => {
    const [from, to] = [fitMixture(warm, 3, 3, noiseOf(4)), fitMixture(cold, 3, 2, noiseOf(5))]
    const bridge = stochasticInterpolant.make(stochasticInterpolant.params.parse({ gamma: 'zero' }), {})
    const end = await outcome(
      crossBridge(
        warm,
        {
          fields: (x, t) => bridgeFields(from, to, bridge.at(t), x),
          steps: 20,
          from: 0,
          to: 1,
          method: 'rk4',
          wildness: 0,
          draw: drawsOf(1),
        },
        signal,
      ),
    )
    for (const [k, { mean, deviation }] of moments(end).entries()) {
      const goal = moments(cold)[k]
      expect(Math.abs(mean - goal.mean)).toBeLessThan(0.02)
      expect(Math.abs(deviation / goal.deviation - 1)).toBeLessThan(0.06)
    }
  })
})
