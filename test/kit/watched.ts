import type { WatchedPath } from '../../main/algorithms/decision.ts'
import { type Conditions, eachStretch, type TimedPath } from '../../main/math/martingale.ts'
import { matrix } from '../../main/math/matrix.ts'
import { normals } from './generate.ts'

/** The loss not to use: the mean square of the value's increments, divided by their lengths. */
export function naiveConditions(paths: readonly TimedPath[], discount: number): Conditions {
  const n = paths[0].features[0].length
  const out = { a: matrix(n, n), b: new Float64Array(n) }
  for (const path of paths)
    eachStretch(path, (now, next, length, brought) => {
      const asked = now.map((value, k) => value * (1 + discount * length) - next[k])
      for (let i = 0; i < n; i++) {
        out.b[i] += (asked[i] * brought) / length / paths.length
        for (let j = 0; j < n; j++) out.a.data[i * n + j] += (asked[i] * asked[j]) / length / paths.length
      }
    })
  return out
}

/** Brownian paths over one unit of time; the end is worth where it ends: the value of x is x. */
export const brownian = (paths: number, steps: number, seed: number): WatchedPath[] =>
  Array.from({ length: paths }, (_, p) => {
    const jumps = normals(steps, seed + p)
    let x = 0
    const features = [...jumps].map((jump) => {
      const now = Float64Array.of(x)
      x += jump / Math.sqrt(steps)
      return now
    })
    const times = Float64Array.from({ length: steps + 1 }, (_, i) => i / steps)
    return { times, features, rewards: new Float64Array(steps), terminal: x }
  })

/** Ornstein and Uhlenbeck's process, dx = -rate x dt + vol dW, from random starts; the end is worth -x². Features hold the truth. */
export function returning(paths: number, steps: number, seed: number, rate = 0.8, vol = 0.6): WatchedPath[] {
  const dt = 1 / steps
  const kept = Math.exp(-rate * dt)
  const jump = vol * Math.sqrt((1 - kept * kept) / (2 * rate))
  return Array.from({ length: paths }, (_, p) => {
    const numbers = normals(steps + 1, seed + p)
    let x = numbers[steps]
    const features = Array.from({ length: steps }, (_, i) => {
      const left = 1 - i * dt
      const fall = Math.exp(-2 * rate * left)
      const now = Float64Array.of(fall * x * x, (1 - fall) / (2 * rate))
      x = kept * x + jump * numbers[i]
      return now
    })
    const times = Float64Array.from({ length: steps + 1 }, (_, i) => i * dt)
    return { times, features, rewards: new Float64Array(steps), terminal: -x * x }
  })
}
