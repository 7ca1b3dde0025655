import type { Node } from '../../main/math/gaussian-path.ts'
import type { Denoise, Prediction } from '../../main/math/prediction.ts'

/** Data that is a mixture of round Gaussians: everything a network could learn of it is closed form. */
export interface Mixture {
  readonly weights: readonly number[]
  readonly means: readonly (readonly number[])[]
  readonly stds: readonly number[]
}

/** Exact prediction for points of the mixture's dimension, one after another in x, at x = alpha x0 + sigma eps. */
export function predictMixture({ weights, means, stds }: Mixture, x: Float64Array, { alpha, sigma }: Node): Prediction {
  const d = means[0].length
  const x0 = new Float64Array(x.length)
  const eps = new Float64Array(x.length)
  const variances = stds.map((s) => alpha * alpha * s * s + sigma * sigma)
  for (let at = 0; at < x.length; at += d) {
    const logs = weights.map((weight, k) => {
      let square = 0
      for (let i = 0; i < d; i++) square += (x[at + i] - alpha * means[k][i]) ** 2
      return Math.log(weight) - square / (2 * variances[k]) - (d / 2) * Math.log(variances[k])
    })
    const top = Math.max(...logs)
    const shares = logs.map((value) => Math.exp(value - top))
    const total = shares.reduce((a, b) => a + b, 0)
    for (let k = 0; k < weights.length; k++) {
      const share = shares[k] / total
      for (let i = 0; i < d; i++) {
        const away = (x[at + i] - alpha * means[k][i]) / variances[k]
        x0[at + i] += share * (means[k][i] + alpha * stds[k] ** 2 * away)
        eps[at + i] += share * sigma * away
      }
    }
  }
  return { x0, eps }
}

/** A perfect network for the mixture; `asked` counts its calls. */
export function mixtureDenoiser(mixture: Mixture): { readonly denoise: Denoise; readonly calls: () => number } {
  let calls = 0
  return {
    denoise: async (x, at) => {
      calls++
      return predictMixture(mixture, x, at)
    },
    calls: () => calls,
  }
}

/** The mixture of some of the components alone. */
export function restrict({ weights, means, stds }: Mixture, kept: readonly number[]): Mixture {
  const total = kept.reduce((sum, k) => sum + weights[k], 0)
  return { weights: kept.map((k) => weights[k] / total), means: kept.map((k) => means[k]), stds: kept.map((k) => stds[k]) }
}

/** E Var(x0 | x) of a mixture in one dimension at a node, by trapezoids over x, four to the narrowest deviation. */
export function unknownOf({ weights, means, stds }: Mixture, { alpha, sigma }: Node): number {
  const centres = means.map(([m]) => alpha * m)
  const variances = stds.map((s) => alpha * alpha * s * s + sigma * sigma)
  const reach = 10 * Math.sqrt(Math.max(...variances))
  const [low, high] = [Math.min(...centres) - reach, Math.max(...centres) + reach]
  const points = Math.min(20_001, Math.ceil((4 * (high - low)) / Math.sqrt(Math.min(...variances))))
  const step = (high - low) / (points - 1)
  let sum = 0
  for (let j = 0; j < points; j++) {
    const x = low + j * step
    const densities = weights.map(
      (w, k) => (w * Math.exp(-((x - centres[k]) ** 2) / (2 * variances[k]))) / Math.sqrt(2 * Math.PI * variances[k]),
    )
    const density = densities.reduce((a, b) => a + b, 0)
    if (density === 0) continue
    const guesses = weights.map((_, k) => means[k][0] + ((alpha * stds[k] ** 2) / variances[k]) * (x - centres[k]))
    const shares = densities.map((value) => value / density)
    const guess = shares.reduce((mean, share, k) => mean + share * guesses[k], 0)
    const spread = shares.reduce(
      (total, share, k) => total + share * ((stds[k] ** 2 * sigma ** 2) / variances[k] + (guesses[k] - guess) ** 2),
      0,
    )
    sum += density * spread * step
  }
  return sum
}

/** vᵀ deps/dx of one point: the curvature of the mixture's log-density, which is symmetric, times -sigma. */
export function pullMixture({ weights, means, stds }: Mixture, x: Float64Array, { alpha, sigma }: Node, v: Float64Array): Float64Array {
  const variances = stds.map((s) => alpha * alpha * s * s + sigma * sigma)
  const aways = means.map((mean, k) => x.map((value, i) => (value - alpha * mean[i]) / variances[k]))
  const logs = weights.map((weight, k) => {
    const square = aways[k].reduce((sum, value) => sum + value * value, 0) * variances[k]
    return Math.log(weight) - square / 2 - (x.length / 2) * Math.log(variances[k])
  })
  const top = Math.max(...logs)
  const total = logs.reduce((sum, value) => sum + Math.exp(value - top), 0)
  const shares = logs.map((value) => Math.exp(value - top) / total)
  const mean = x.map((_, i) => shares.reduce((sum, share, k) => sum + share * aways[k][i], 0))
  const along = (a: Float64Array) => a.reduce((sum, value, i) => sum + value * v[i], 0)
  // eps = sigma sum r_k away_k, and the slope of r_k is r_k (mean - away_k).
  return x.map((_, i) =>
    shares.reduce((sum, share, k) => sum + sigma * share * (v[i] / variances[k] + (along(mean) - along(aways[k])) * aways[k][i]), 0),
  )
}
