import type { Matrix } from './matrix.ts'
import { matrix } from './matrix.ts'

/**
 * The Schrödinger bridge between N(0, s0²) and N(0, s1²) in one dimension, with reference noise sqrt(2 e) dW: covariance of its
 * ends, and at a time the variance and the coefficients of drift and score.
 */
export function gaussianBridge(s0: number, s1: number, e: number) {
  const covariance = Math.sqrt(s0 * s0 * s1 * s1 + e * e) - e
  return {
    covariance,
    at: (t: number) => {
      const variance = (1 - t) ** 2 * s0 * s0 + t * t * s1 * s1 + 2 * t * (1 - t) * (covariance + e)
      const end = ((1 - t) * covariance + t * s1 * s1) / variance
      return { variance, forward: (end - 1) / (1 - t), score: -1 / variance }
    },
  }
}

const SWEEPS = 100_000

/**
 * The entropic plan between two clouds of points of equal weight, exp(-|x - y|² / (4 e)) scaled to its marginals, by Sinkhorn's
 * sweeps in the logarithm. @param tolerance of the marginals. @throws RangeError where it is not reached.
 */
export function entropicPlan(from: readonly Float64Array[], to: readonly Float64Array[], e: number, tolerance = 1e-12): Matrix {
  const [n, m] = [from.length, to.length]
  const kernel = new Float64Array(n * m)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) kernel[i * m + j] = -from[i].reduce((sum, value, k) => sum + (value - to[j][k]) ** 2, 0) / (4 * e)
  const f = new Float64Array(n)
  const g = new Float64Array(m)
  const logSum = (count: number, at: (k: number) => number) => {
    let top = Number.NEGATIVE_INFINITY
    for (let k = 0; k < count; k++) top = Math.max(top, at(k))
    let sum = 0
    for (let k = 0; k < count; k++) sum += Math.exp(at(k) - top)
    return top + Math.log(sum)
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0
    for (let i = 0; i < n; i++) {
      const next = -Math.log(n) - logSum(m, (j) => kernel[i * m + j] + g[j])
      // How wrong the row was: its sum against its weight.
      if (sweep > 0) off += Math.abs(Math.exp(f[i] - next) - 1) / n
      f[i] = next
    }
    if (sweep > 0 && off < tolerance) {
      const plan = matrix(n, m)
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) plan.data[i * m + j] = Math.exp(f[i] + g[j] + kernel[i * m + j])
      return plan
    }
    for (let j = 0; j < m; j++) g[j] = -Math.log(m) - logSum(n, (i) => kernel[i * m + j] + f[i])
  }
  throw new RangeError(`The plan was not found in ${SWEEPS} sweeps: take more noise or nearer points.`)
}

/** Drifts and score of the Schrödinger bridge between two clouds at one time in (0, 1), at one point. */
export function pointBridge(
  from: readonly Float64Array[],
  to: readonly Float64Array[],
  plan: Matrix,
  e: number,
  t: number,
  x: Float64Array,
) {
  const variance = 2 * e * t * (1 - t)
  const logs = Float64Array.from(plan.data, (share, at) => {
    const [p, q] = [from[Math.floor(at / to.length)], to[at % to.length]]
    return Math.log(share) - x.reduce((sum, value, k) => sum + (value - (1 - t) * p[k] - t * q[k]) ** 2, 0) / (2 * variance)
  })
  const top = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const shares = logs.map((value) => Math.exp(value - top))
  const total = shares.reduce((a, b) => a + b, 0)
  const start = new Float64Array(x.length)
  const end = new Float64Array(x.length)
  for (const [at, share] of shares.entries())
    for (let k = 0; k < x.length; k++) {
      start[k] += (share / total) * from[Math.floor(at / to.length)][k]
      end[k] += (share / total) * to[at % to.length][k]
    }
  const forward = x.map((value, k) => (end[k] - value) / (1 - t))
  const backward = x.map((value, k) => (start[k] - value) / t)
  return { forward, backward, score: forward.map((value, k) => (value + backward[k]) / (2 * e)) }
}
