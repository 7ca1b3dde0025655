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
