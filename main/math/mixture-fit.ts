import { cholesky } from './cholesky.ts'
import { diceOf } from './dice.ts'
import { type Matrix, matrix } from './matrix.ts'
import type { GaussianMixture } from './mixture-bridge.ts'
import type { Noise } from './random.ts'

export interface Fit extends GaussianMixture {
  /** Mean logarithm of the density at the points. */
  readonly likelihood: number
}

/** Variance that every component has at least, in every direction: a palette of one colour is still a palette. */
const FLOOR = 1e-4
const MOST_ROUNDS = 200
const SETTLED = 1e-7

/** Centres far from each other: each next one by chance, the likelier the farther from those there are (k-means++). */
function spreadCentres(points: Float64Array, d: number, count: number, noise: Noise): Float64Array[] {
  const dice = diceOf(noise)
  const n = points.length / d
  const at = (i: number) => points.slice(i * d, (i + 1) * d)
  const centres = [at(dice.below(n))]
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY)
  while (centres.length < count) {
    const last = centres[centres.length - 1]
    let total = 0
    for (let i = 0; i < n; i++) {
      let square = 0
      for (let k = 0; k < d; k++) square += (points[i * d + k] - last[k]) ** 2
      nearest[i] = Math.min(nearest[i], square)
      total += nearest[i]
    }
    let left = dice.uniform() * total
    let chosen = 0
    while (chosen < n - 1 && (left -= nearest[chosen]) > 0) chosen++
    centres.push(at(chosen))
  }
  return centres
}

/** ln of weight times density, for each component at each point, with the components ready to be asked often. */
function logDensities({ weights, means, covariances }: GaussianMixture, points: Float64Array, d: number): Float64Array {
  const n = points.length / d
  const count = weights.length
  const logs = new Float64Array(n * count)
  const y = new Float64Array(d)
  for (let c = 0; c < count; c++) {
    const { data: l } = cholesky(covariances[c])
    let constant = Math.log(weights[c]) - (d / 2) * Math.log(2 * Math.PI)
    for (let k = 0; k < d; k++) constant -= Math.log(l[k * d + k])
    for (let i = 0; i < n; i++) {
      let square = 0
      for (let k = 0; k < d; k++) {
        let value = points[i * d + k] - means[c][k]
        for (let j = 0; j < k; j++) value -= l[k * d + j] * y[j]
        y[k] = value / l[k * d + k]
        square += y[k] * y[k]
      }
      logs[i * count + c] = constant - square / 2
    }
  }
  return logs
}

/**
 * A mixture of so many Gaussians through points of few dimensions, one after another, by expectation and maximisation from centres
 * drawn apart. The same seed gives the same mixture. @throws RangeError with fewer than two points or no component.
 */
export function fitMixture(points: Float64Array, d: number, components: number, noise: Noise): Fit {
  const n = points.length / d
  if (!(n >= 2 && components >= 1)) throw new RangeError(`${n} points cannot be fitted with ${components} components.`)
  const count = Math.min(components, n)
  const round = (scale: number): Matrix =>
    matrix(
      d,
      d,
      Float64Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? scale : 0)),
    )
  const mean = Array.from({ length: d }, (_, k) => points.reduce((sum, value, at) => sum + (at % d === k ? value : 0), 0) / n)
  const spread = points.reduce((sum, value, at) => sum + (value - mean[at % d]) ** 2, 0) / points.length
  let fit: GaussianMixture = {
    weights: new Array(count).fill(1 / count),
    means: spreadCentres(points, d, count, noise),
    covariances: Array.from({ length: count }, () => round(spread / count + FLOOR)),
  }
  let likelihood = Number.NEGATIVE_INFINITY
  for (let turn = 0; turn < MOST_ROUNDS; turn++) {
    const shares = logDensities(fit, points, d)
    let sum = 0
    for (let i = 0; i < n; i++) {
      const row = shares.subarray(i * count, (i + 1) * count)
      const top = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
      let total = 0
      for (let c = 0; c < count; c++) total += row[c] = Math.exp(row[c] - top)
      for (let c = 0; c < count; c++) row[c] /= total
      sum += top + Math.log(total)
    }
    const settled = sum / n - likelihood < SETTLED
    likelihood = sum / n
    if (settled) break
    fit = maximise(points, d, shares, count, fit)
  }
  return { ...fit, likelihood }
}

function maximise(points: Float64Array, d: number, shares: Float64Array, count: number, before: GaussianMixture): GaussianMixture {
  const n = points.length / d
  const weights: number[] = []
  const means: Float64Array[] = []
  const covariances: Matrix[] = []
  for (let c = 0; c < count; c++) {
    let total = 0
    const mean = new Float64Array(d)
    for (let i = 0; i < n; i++) {
      total += shares[i * count + c]
      for (let k = 0; k < d; k++) mean[k] += shares[i * count + c] * points[i * d + k]
    }
    // A component that nothing belongs to stays where it was, with next to no weight.
    weights.push(Math.max(total, 1e-9) / n)
    means.push(total > 1e-9 ? mean.map((value) => value / total) : before.means[c])
    const covariance = matrix(d, d)
    for (let i = 0; i < n; i++)
      for (let k = 0; k < d; k++)
        for (let j = 0; j < d; j++)
          covariance.data[k * d + j] +=
            (shares[i * count + c] * (points[i * d + k] - means[c][k]) * (points[i * d + j] - means[c][j])) / Math.max(total, 1e-9)
    for (let k = 0; k < d; k++) covariance.data[k * d + k] += FLOOR
    covariances.push(covariance)
  }
  const whole = weights.reduce((a, b) => a + b, 0)
  return { weights: weights.map((weight) => weight / whole), means, covariances }
}
