import {
  applyMatrix,
  combine,
  frobenius,
  identity,
  inverse,
  type Matrix,
  matrix,
  multiply,
  trace,
  transpose,
} from '../../main/math/matrix.ts'

/**
 * A world where everything is known: x ~ N(mean, S), y = A x + sigma_y n. The posterior mean, the velocity that a flow
 * network would learn and the law of what Euler's steps give are all closed form.
 */
export interface GaussianWorld {
  readonly mean: Float64Array
  /** Covariance S of x. */
  readonly cov: Matrix
  /** Covariance P of the posterior mean. */
  readonly meanCov: Matrix
  /** Covariance V0 of the flow's source. */
  readonly sourceCov: Matrix
  posteriorMean(y: ArrayLike<number>): Float64Array
  /** Matrix of the velocity at time t: v(z, t) = V(t) (z - mean). */
  velocityMatrix(t: number): Matrix
  velocity(z: ArrayLike<number>, t: number): Float64Array
}

export function gaussianWorld(options: {
  readonly mean: readonly number[]
  readonly cov: Matrix
  readonly operator: Matrix
  readonly sigmaY: number
  readonly sigmaSource: number
}): GaussianWorld {
  const { cov, operator, sigmaY, sigmaSource } = options
  const mean = Float64Array.from(options.mean)
  const n = mean.length
  const seen = combine([1, multiply(operator, cov, transpose(operator))], [sigmaY ** 2, identity(operator.rows)])
  const gain = multiply(cov, transpose(operator), inverse(seen))
  const meanCov = multiply(gain, operator, cov)
  const sourceCov = combine([1, meanCov], [sigmaSource ** 2, identity(n)])
  const expected = applyMatrix(operator, mean)
  const velocityMatrix = (t: number) => {
    const u = 1 - t
    const at = combine([t * t, cov], [2 * t * u, meanCov], [u * u, sourceCov])
    return multiply(combine([t, cov], [u - t, meanCov], [-u, sourceCov]), inverse(at))
  }
  return {
    mean,
    cov,
    meanCov,
    sourceCov,
    posteriorMean: (y) =>
      applyMatrix(
        gain,
        expected.map((value, i) => y[i] - value),
      ).map((value, i) => value + mean[i]),
    velocityMatrix,
    velocity: (z, t) =>
      applyMatrix(
        velocityMatrix(t),
        mean.map((value, i) => z[i] - value),
      ),
  }
}

/** The linear map that K Euler steps make of the source: the product of I + V(i/K)/K. */
export function eulerMap(world: GaussianWorld, steps: number): Matrix {
  let map = identity(world.mean.length)
  for (let i = 0; i < steps; i++) map = combine([1, map], [1 / steps, multiply(world.velocityMatrix(i / steps), map)])
  return map
}

/** The map of the exact flow, dM/dt = V(t) M, by Runge and Kutta's fourth order. */
export function flowMap(world: GaussianWorld, steps = 2000): Matrix {
  const h = 1 / steps
  const slope = (t: number, m: Matrix) => multiply(world.velocityMatrix(t), m)
  let map = identity(world.mean.length)
  for (let i = 0; i < steps; i++) {
    const t = i * h
    const k1 = slope(t, map)
    const k2 = slope(t + h / 2, combine([1, map], [h / 2, k1]))
    const k3 = slope(t + h / 2, combine([1, map], [h / 2, k2]))
    const k4 = slope(t + h, combine([1, map], [h, k3]))
    map = combine([1, map], [h / 6, k1], [h / 3, k2], [h / 3, k3], [h / 6, k4])
  }
  return map
}

/** Population values of what a map of the source gives: squared error summed over dimensions, and distance of its covariance from S. */
export function mapStats(world: GaussianWorld, map: Matrix): { readonly mse: number; readonly covError: number } {
  const output = multiply(map, world.sourceCov, transpose(map))
  return {
    mse: trace(output) + trace(world.cov) - 2 * trace(multiply(map, world.meanCov)),
    covError: frobenius(combine([1, output], [-1, world.cov])),
  }
}

/** Squared error of the posterior mean, summed over dimensions. */
export const posteriorMeanMse = (world: GaussianWorld): number => trace(world.cov) - trace(world.meanCov)

/** A covariance of three channels that vary together. */
export const colourCov = (variance: number, correlation: number): Matrix =>
  matrix(
    3,
    3,
    Float64Array.from({ length: 9 }, (_, i) => variance * (i % 4 === 0 ? 1 : correlation)),
  )
