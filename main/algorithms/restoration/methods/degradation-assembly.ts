import { cholesky } from '../../../math/cholesky.ts'
import { type Matrix, matrix } from '../../../math/matrix.ts'
import { solvePositive } from '../../../math/positive-system.ts'
import { quantileOf, sortedOf } from '../../../math/quantile.ts'
import { solveLower } from '../../../math/triangle.ts'
import type { DamageDatabase, KnownDamage } from '../../measurement.ts'

/** Added to every variance: a description's numbers are never told apart more finely. */
const FLOOR = 0.05

/** Covariance of what is left of descriptions once damages and their squares have explained what they can. */
function unexplained(z: readonly Float64Array[], damages: readonly KnownDamage[]): Matrix {
  const regressors = damages.map(({ blur, scale, noise, quality }) => {
    const knobs = [blur, scale, noise / 35, quality / 101]
    return Float64Array.of(1, ...knobs, ...knobs.map((value) => value * value))
  })
  const width = regressors[0].length
  const normal = matrix(width, width)
  for (const row of regressors)
    for (let a = 0; a < width; a++) for (let b = 0; b < width; b++) normal.data[a * width + b] += row[a] * row[b]
  // A knob that never moves explains nothing: a little on the diagonal keeps the system solvable.
  for (let a = 0; a < width; a++) normal.data[a * width + a] += 1e-9 * z.length
  const n = z[0].length
  const weights = Array.from({ length: n }, (_, k) => {
    const right = new Float64Array(width)
    for (const [i, row] of regressors.entries()) for (let a = 0; a < width; a++) right[a] += row[a] * z[i][k]
    return solvePositive(normal, right)
  })
  const covariance = matrix(n, n)
  for (const [i, row] of regressors.entries()) {
    const rest = z[i].map((value, k) => value - weights[k].reduce((sum, weight, a) => sum + weight * row[a], 0))
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) covariance.data[a * n + b] += (rest[a] * rest[b]) / z.length
  }
  for (let a = 0; a < n; a++) covariance.data[a * n + a] += FLOOR
  return covariance
}

/**
 * A database of descriptions and the damages they came of.
 * @param whiten weighs differences by how much pictures differ anyway, which tells noise better than plain standard deviations.
 * @throws RangeError where the lists do not pair, or hold fewer than two entries.
 */
export function assembleDatabase(descriptors: readonly Float64Array[], damages: readonly KnownDamage[], whiten: boolean): DamageDatabase {
  if (descriptors.length < 2 || descriptors.length !== damages.length)
    throw new RangeError(`${descriptors.length} descriptions and ${damages.length} damages make no database.`)
  const count = descriptors.length
  const mean = descriptors[0].map((_, k) => descriptors.reduce((sum, one) => sum + one[k], 0) / count)
  const deviation = mean.map((value, k) => Math.sqrt(descriptors.reduce((sum, one) => sum + (one[k] - value) ** 2, 0) / count) || 1)
  const plain = descriptors.map((one) => one.map((value, k) => (value - mean[k]) / deviation[k]))
  const lower = whiten ? cholesky(unexplained(plain, damages)) : null
  const z = lower ? plain.map((one) => solveLower(lower, one)) : plain
  const closest = z.map((one, i) =>
    z.reduce(
      (least, other, j) =>
        i === j
          ? least
          : Math.min(
              least,
              one.reduce((sum, value, k) => sum + (value - other[k]) ** 2, 0),
            ),
      Number.POSITIVE_INFINITY,
    ),
  )
  return { z, damages, mean, deviation, whitening: lower, limit: quantileOf(sortedOf(Float64Array.from(closest)), 0.99) }
}
