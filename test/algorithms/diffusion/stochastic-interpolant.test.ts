import { describe, expect, it } from 'vitest'
import { type Crossing, crossBridge } from '../../../main/algorithms/diffusion/paths/bridge-sampling.ts'
import { stochasticInterpolant } from '../../../main/algorithms/diffusion/paths/stochastic-interpolant.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { fromRows } from '../../../main/math/matrix.ts'
import { bridgeFields, expectMixture, type GaussianMixture } from '../../../main/math/mixture-bridge.ts'
import { entropicPlan, gaussianBridge, pointBridge } from '../../../main/math/schroedinger.ts'
import { drawsOf, furthest, normals, signal } from '../../kit/generate.ts'

const from: GaussianMixture = {
  weights: [0.7, 0.3],
  means: [Float64Array.of(-1, 0.4), Float64Array.of(0.8, -0.9)],
  covariances: [
    fromRows([
      [0.3, 0.08],
      [0.08, 0.25],
    ]),
    fromRows([
      [0.2, 0],
      [0, 0.3],
    ]),
  ],
}
const to: GaussianMixture = {
  weights: [0.5, 0.5],
  means: [Float64Array.of(1.5, 0.8), Float64Array.of(-0.3, 1.7)],
  covariances: [
    fromRows([
      [0.25, -0.05],
      [-0.05, 0.2],
    ]),
    fromRows([
      [0.2, 0],
      [0, 0.22],
    ]),
  ],
}
const bridge = stochasticInterpolant.make(stochasticInterpolant.params.parse({ gamma: 'brownian' }), {})
const cross = (x: Float64Array, some: Partial<Crossing>) =>
  outcome(
    crossBridge(
      x,
      {
        fields: (state, t) => bridgeFields(from, to, bridge.at(t), state),
        steps: 60,
        from: 0,
        to: 1,
        method: 'rk4',
        wildness: 0,
        draw: drawsOf(3),
        ...some,
      },
      signal,
    ),
  )

/** Points of a mixture; a Cholesky factor of two by two by hand. */
function drawn({ weights, means, covariances }: GaussianMixture, count: number, seed: number): Float64Array {
  const z = normals(2 * count, seed)
  return z.map((_, at) => {
    const j = Math.floor(at / 2)
    const k = (j + 0.5) / count < weights[0] ? 0 : 1
    const [a, b, , d] = covariances[k].data
    const first = Math.sqrt(a)
    return at % 2 === 0 ? means[k][0] + first * z[at] : means[k][1] + (b / first) * z[at - 1] + Math.sqrt(d - (b * b) / a) * z[at]
  })
}
const moments = (x: Float64Array) =>
  [0, 1].map((i) => {
    const values = x.filter((_, at) => at % 2 === i)
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length }
  })
const known = ({ weights, means, covariances }: GaussianMixture) =>
  [0, 1].map((i) => {
    const mean = weights.reduce((sum, w, k) => sum + w * means[k][i], 0)
    const square = weights.reduce((sum, w, k) => sum + w * (covariances[k].data[3 * i] + means[k][i] ** 2), 0)
    return { mean, variance: square - mean * mean }
  })

describe('a bridge between mixtures', () => {
  it('has a drift that is the velocity and the noise’s part of the score', () => {
    for (const gamma of ['brownian', 'bsquared', 'sinesquared', 'zero']) {
      const at = stochasticInterpolant.make(stochasticInterpolant.params.parse({ path: 'trig', gamma }), {}).at(0.37)
      const { drift, velocity, score } = bridgeFields(from, to, at, normals(10, 2))
      expect(
        furthest(
          drift,
          velocity.map((v, i) => v - at.gammaSlope * score[i]),
        ),
      ).toBeLessThan(1e-12)
    }
  })

  it('leads there and back to where it was', async () => {
    const x = drawn(from, 20, 4)
    const there = await cross(x, { steps: 100 })
    expect(furthest(await cross(there, { steps: 100, from: 1, to: 0 }), x)).toBeLessThan(1e-6)
  })

  it('ends in the same law, however wild the way', async () => {
    const x = drawn(from, 6000, 6)
    const goal = known(to)
    for (const wildness of [0, 0.3, 1]) {
      const end = await cross(x, { wildness, method: wildness > 0 ? 'heun' : 'rk4', steps: wildness > 0 ? 80 : 20 })
      for (const [i, { mean, variance }] of moments(end).entries()) {
        expect(Math.abs(mean - goal[i].mean)).toBeLessThan(3 * Math.sqrt(variance / 6000) + 0.02)
        expect(Math.abs(variance / goal[i].variance - 1)).toBeLessThan(0.08)
      }
    }
  })

  it('refuses what does not fit', async () => {
    await expect(cross(normals(2, 1), { wildness: 0.5 })).rejects.toThrow(/takes no randomness/)
    await expect(cross(normals(2, 1), { method: 'em' })).rejects.toThrow(/Euler/)
    await expect(cross(normals(2, 1), { steps: 0 })).rejects.toThrow(/number of steps/)
    const flat = {
      ...to,
      covariances: [
        to.covariances[0],
        fromRows([
          [1, 2],
          [2, 1],
        ]),
      ],
    }
    expect(() => expectMixture(flat)).toThrow(/component 1/)
  })
})

describe('the Schrödinger bridge', () => {
  it('has forward and backward drifts that add to the score', () => {
    const a = [1, 2, 3].map((seed) => normals(2, seed))
    const b = [4, 5, 6, 7].map((seed) => normals(2, seed))
    const plan = entropicPlan(a, b, 0.3)
    for (let i = 0; i < 3; i++)
      expect(Math.abs(plan.data.subarray(4 * i, 4 * i + 4).reduce((x, y) => x + y, 0) - 1 / 3)).toBeLessThan(1e-11)
    const { forward, backward, score } = pointBridge(a, b, plan, 0.3, 0.4, Float64Array.of(0.2, -0.1))
    for (const i of [0, 1]) expect(Math.abs(forward[i] + backward[i] - 0.6 * score[i])).toBeLessThan(1e-10)
  })

  it('is the optimal transport of Gaussians as the noise goes', () => {
    const { covariance, at } = gaussianBridge(1.5, 0.4, 1e-9)
    expect(Math.abs(covariance - 0.6)).toBeLessThan(1e-8)
    expect(Math.abs(at(0.5).variance - (0.75 + 0.2) ** 2)).toBeLessThan(1e-8)
  })
})
