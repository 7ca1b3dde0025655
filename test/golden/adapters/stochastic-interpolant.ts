import { crossBridge } from '../../../main/algorithms/diffusion/paths/bridge-sampling.ts'
import { stochasticInterpolant } from '../../../main/algorithms/diffusion/paths/stochastic-interpolant.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { fromRows } from '../../../main/math/matrix.ts'
import { bridgeFields, expectMixture, type GaussianMixture } from '../../../main/math/mixture-bridge.ts'
import { entropicPlan, gaussianBridge, pointBridge } from '../../../main/math/schroedinger.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, listedDraw, signal, undrawn } from './diffusion-world.ts'

const rows = (list: number[][]) => list.map((row) => Float64Array.from(row))
const mixtureOf = ({ weights, means, covs }: Inputs): GaussianMixture => ({ weights, means: rows(means), covariances: covs.map(fromRows) })
const bridgeOf = ({ path, gamma, scale }: Inputs) =>
  stochasticInterpolant.make(stochasticInterpolant.params.parse({ path, gamma, scale }), {})

/** Bridges between two mixtures, crossed by flow and by noise, and the least wild of all bridges. */
export const stochasticInterpolantAdapter: FileAdapter = {
  name: 'stochastic-interpolant',
  async check({ rho0, rho1, expected, tolerance }) {
    const [from, to] = [mixtureOf(rho0), mixtureOf(rho1)]
    expectMixture(from)
    expectMixture(to)
    const notes: string[] = []
    const compare = (name: string, actual: unknown, wanted: unknown, limit: number) =>
      notes.push(...differences(actual, wanted, () => limit, name))
    for (const [i, { path, gamma, scale, t, x, ...wanted }] of expected.points.entries()) {
      const at = bridgeOf({ path, gamma, scale }).at(t)
      const { drift, velocity, score } = bridgeFields(from, to, at, flat(x))
      const coef = { ...at, gamma_gammadot: at.gammaSlope }
      compare(`point ${i}`, { coef, b_drift: drift, v: velocity, score }, wanted, tolerance.points)
    }
    for (const [i, one] of expected.trajectories.entries()) {
      const bridge = bridgeOf(one)
      const crossing = {
        fields: (x: Float64Array, t: number) => bridgeFields(from, to, bridge.at(t), x),
        steps: one.steps,
        from: one.reverse ? one.t1 : one.t0,
        to: one.reverse ? one.t0 : one.t1,
        method: one.method,
        wildness: one.kind === 'sde' ? one.epsilon : 0,
        draw: one.noise ? listedDraw(one.noise) : undrawn,
      }
      const end = await outcome(crossBridge(flat(one.x), crossing, signal))
      compare(`trajectory ${i}`, { x_final: end }, { x_final: one.x_final }, tolerance.trajectories)
    }
    const { gaussian, discrete } = expected.schroedinger
    const bridge = gaussianBridge(gaussian.s0, gaussian.s1, gaussian.eps)
    compare('gaussian', bridge.covariance, gaussian.coupling_cov, tolerance.points)
    for (const { t, ...wanted } of gaussian.at) {
      const { variance, forward, score } = bridge.at(t)
      compare(`gaussian at ${t}`, { var: variance, forward_drift_coefficient: forward, score_coefficient: score }, wanted, tolerance.points)
    }
    const [p0, p1] = [rows(discrete.P0), rows(discrete.P1)]
    const plan = entropicPlan(p0, p1, discrete.eps)
    compare('plan', plan.data, discrete.plan, tolerance.points)
    for (const { t, x, ...wanted } of discrete.at) {
      const all = rows(x).map((point) => pointBridge(p0, p1, plan, discrete.eps, t, point))
      const actual = {
        forward_drift: all.map((one) => one.forward),
        backward_drift: all.map((one) => one.backward),
        score: all.map((one) => one.score),
      }
      compare(`points at ${t}`, actual, wanted, tolerance.points)
    }
    return notes
  },
}
