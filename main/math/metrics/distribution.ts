import { matrix } from '../matrix.ts'
import { type PatchStatistics, patchFrechet } from './patch-frechet.ts'

type Points = readonly ArrayLike<number>[]

/** Mean and covariance of points, divided by one less than their number. @throws RangeError with fewer than two. */
function gaussianOf(points: Points): PatchStatistics {
  const n = points.length
  if (n < 2) throw new RangeError(`${n} points have no covariance.`)
  const d = points[0].length
  const mean = new Float64Array(d)
  for (const point of points) for (let i = 0; i < d; i++) mean[i] += point[i] / n
  const covariance = matrix(d, d)
  for (const point of points)
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) covariance.data[i * d + j] += ((point[i] - mean[i]) * (point[j] - mean[j])) / (n - 1)
  return { blocks: n, mean, covariance }
}

/**
 * Fréchet distance of the Gaussians of two sets of points: |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½). It may be called FID only
 * where the points are features of the network that the FID is defined by.
 */
export const frechetDistance = (a: Points, b: Points): number => patchFrechet(gaussianOf(a), gaussianOf(b))

/** Kernel inception distance's estimator on any features: unbiased squared MMD with the kernel (x·y / d + 1)³; may fall below 0. */
export function kernelDistance(a: Points, b: Points): number {
  if (a.length < 2 || b.length < 2) throw new RangeError('The distance needs two points at least on each side.')
  const d = a[0].length
  const kernel = (x: ArrayLike<number>, y: ArrayLike<number>) => {
    let dot = 0
    for (let i = 0; i < d; i++) dot += x[i] * y[i]
    return (dot / d + 1) ** 3
  }
  const within = (points: Points) => {
    let sum = 0
    for (let i = 0; i < points.length; i++) for (let j = 0; j < i; j++) sum += 2 * kernel(points[i], points[j])
    return sum / (points.length * (points.length - 1))
  }
  let between = 0
  for (const x of a) for (const y of b) between += kernel(x, y)
  return within(a) + within(b) - (2 * between) / (a.length * b.length)
}
