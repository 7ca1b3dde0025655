import { isotonic, monotoneCubic } from './monotone.ts'

/**
 * How much of data of mean 0 and mean square 1 an entry is still unknown when it is seen through noise: 1 - lambda(s), the mean
 * squared error of the best guess at signal-to-noise s = tan theta. Falls from 1 at theta = 0 to 0 at pi / 2.
 */
export type Unknown = (theta: number) => number

/** A measurement of it. */
export interface Separation {
  /** Signal over noise. */
  readonly s: number
  /** Mean squared error an entry of the best guess of the data. */
  readonly unknown: number
}

/** What is unknown of Gaussian data; nothing of the same spread is less known. */
const mostUnknown = (s: number) => 1 / (1 + s * s)

/** The smooth, falling curve of measurements, held to what is possible. Without any, nothing is unknown: isolated points, far apart. */
export function separationCurve(measured: readonly Separation[]): Unknown {
  if (measured.length === 0) return () => 0
  const bySignal = new Map<number, number[]>()
  for (const { s, unknown } of measured) bySignal.set(s, [...(bySignal.get(s) ?? []), Math.min(mostUnknown(s), Math.max(0, unknown))])
  const signals = [...bySignal.keys()].sort((a, b) => a - b)
  const thetas = signals.map(Math.atan)
  // Measurements of one signal-to-noise count as their mean.
  const known = isotonic(signals.map((s) => 1 - bySignal.get(s)!.reduce((a, b) => a + b, 0) / bySignal.get(s)!.length))
  // Beyond the first and last measurement the curve runs to what must be: all unknown in pure noise, nothing without.
  const curve = monotoneCubic([0, ...thetas, Math.PI / 2], [0, ...known, 1])
  return (theta) => Math.min(Math.cos(theta) ** 2, Math.max(0, 1 - curve(theta)))
}

/**
 * lambda(s) of points: the mean over draws of |E[point | seen]|² an entry, each draw a point seen through noise / s.
 * @param draws which point each noise belongs to. @throws RangeError where there is nothing to draw from.
 */
export function separationOfPoints(
  points: readonly Float64Array[],
  draws: readonly number[],
  noise: readonly Float64Array[],
  s: number,
): number {
  if (points.length === 0 || draws.length !== noise.length || draws.length === 0) throw new RangeError('There are no points or no draws.')
  const d = points[0].length
  let sum = 0
  for (const [k, index] of draws.entries()) {
    const seen = points[index].map((value, i) => value + noise[k][i] / s)
    const logs = points.map((point) => (-s * s * point.reduce((square, value, i) => square + (seen[i] - value) ** 2, 0)) / 2)
    const top = Math.max(...logs)
    const shares = logs.map((value) => Math.exp(value - top))
    const total = shares.reduce((a, b) => a + b, 0)
    let square = 0
    for (let i = 0; i < d; i++) square += (points.reduce((mean, point, j) => mean + shares[j] * point[i], 0) / total) ** 2
    sum += square / d
  }
  return sum / draws.length
}
