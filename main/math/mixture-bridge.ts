import { cholesky } from './cholesky.ts'
import { inverse, type Matrix, matrix } from './matrix.ts'

/** A mixture of Gaussians with full covariances, in few dimensions: a palette. */
export interface GaussianMixture {
  readonly weights: readonly number[]
  readonly means: readonly Float64Array[]
  readonly covariances: readonly Matrix[]
}

/** x(t) = a x0 + b x1 + gamma z at one time. */
interface Coefficients {
  readonly a: number
  readonly b: number
  readonly da: number
  readonly db: number
  readonly gamma: number
  readonly gammaSlope: number
}

/** What moves a point: the drift of the flow, the same without the noise's part, and the score. */
export interface BridgeFields {
  readonly drift: Float64Array
  readonly velocity: Float64Array
  readonly score: Float64Array
}

/** One pair of components at one time, ready for many points. */
interface Pair {
  readonly logWeight: number
  readonly mean: Float64Array
  readonly inverse: Matrix
  readonly slope: Float64Array
  /** a a' C + b b' D. */
  readonly spread: Matrix
}

/** @throws RangeError naming the component whose covariance is not positive definite. */
export function expectMixture({ covariances }: GaussianMixture): void {
  for (const [k, covariance] of covariances.entries())
    try {
      cholesky(covariance)
    } catch {
      throw new RangeError(`The covariance of component ${k} is not positive definite.`)
    }
}

function pairsOf(from: GaussianMixture, to: GaussianMixture, { a, b, da, db, gamma }: Coefficients): Pair[] {
  const d = from.means[0].length
  return from.weights.flatMap((p, i) =>
    to.weights.map((q, j) => {
      const [c0, c1] = [from.covariances[i].data, to.covariances[j].data]
      const total = matrix(d, d)
      const spread = matrix(d, d)
      for (let k = 0; k < d * d; k++) {
        total.data[k] = a * a * c0[k] + b * b * c1[k] + (k % (d + 1) === 0 ? gamma * gamma : 0)
        spread.data[k] = a * da * c0[k] + b * db * c1[k]
      }
      const lower = cholesky(total)
      let logDeterminant = 0
      for (let k = 0; k < d; k++) logDeterminant += 2 * Math.log(lower.data[k * d + k])
      const along = (s: number, t: number) => from.means[i].map((m, k) => s * m + t * to.means[j][k])
      return { logWeight: Math.log(p * q) - logDeterminant / 2, mean: along(a, b), inverse: inverse(total), slope: along(da, db), spread }
    }),
  )
}

/**
 * The fields of a bridge between two mixtures with independent coupling, in closed form, at points one after another in `x`.
 */
export function bridgeFields(from: GaussianMixture, to: GaussianMixture, at: Coefficients, x: Float64Array): BridgeFields {
  const d = from.means[0].length
  const pairs = pairsOf(from, to, at)
  const drift = new Float64Array(x.length)
  const velocity = new Float64Array(x.length)
  const score = new Float64Array(x.length)
  const away = new Float64Array(d)
  const pulls = pairs.map(() => new Float64Array(d))
  for (let start = 0; start < x.length; start += d) {
    const logs = pairs.map(({ logWeight, mean, inverse: { data } }, n) => {
      for (let k = 0; k < d; k++) away[k] = x[start + k] - mean[k]
      let square = 0
      for (let i = 0; i < d; i++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum += data[i * d + j] * away[j]
        pulls[n][i] = sum
        square += sum * away[i]
      }
      return logWeight - square / 2
    })
    const top = Math.max(...logs)
    const shares = logs.map((value) => Math.exp(value - top))
    const total = shares.reduce((sum, share) => sum + share, 0)
    for (const [n, { slope, spread }] of pairs.entries()) {
      const share = shares[n] / total
      for (let i = 0; i < d; i++) {
        let sum = slope[i]
        for (let j = 0; j < d; j++) sum += spread.data[i * d + j] * pulls[n][j]
        velocity[start + i] += share * sum
        score[start + i] -= share * pulls[n][i]
      }
    }
    for (let i = start; i < start + d; i++) drift[i] = velocity[i] - at.gammaSlope * score[i]
  }
  return { drift, velocity, score }
}
