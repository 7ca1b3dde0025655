import { type Matrix, matrix } from './matrix.ts'

/** Times t₀ < … < tₙ, features and rates of reward on each stretch, and what the end is worth. */
export interface TimedPath {
  readonly times: Float64Array
  readonly features: readonly Float64Array[]
  readonly rewards: Float64Array
  readonly terminal: number
}

/** A theta = b, as means over paths. */
export interface Conditions {
  readonly a: Matrix
  readonly b: Float64Array
}

/** Calls `visit` for every stretch: its features, those of the next (0 at the end), its length, and what it brings, the end included. */
export function eachStretch(
  { times, features, rewards, terminal }: TimedPath,
  visit: (now: Float64Array, next: Float64Array, length: number, brought: number, i: number) => void,
): void {
  const none = new Float64Array(features[0].length)
  for (const [i, now] of features.entries()) {
    const length = times[i + 1] - times[i]
    const isLast = i === features.length - 1
    visit(now, isLast ? none : features[i + 1], length, rewards[i] * length + (isLast ? terminal : 0), i)
  }
}

function addOuter({ columns, data }: Matrix, left: Float64Array, right: Float64Array, factor: number): void {
  for (let i = 0; i < left.length; i++) for (let j = 0; j < columns; j++) data[i * columns + j] += factor * left[i] * right[j]
}

function gather(paths: readonly TimedPath[], add: (path: TimedPath, into: Conditions) => void): Conditions {
  const size = paths[0].features[0].length
  const out = { a: matrix(size, size), b: new Float64Array(size) }
  for (const path of paths) add(path, out)
  for (const values of [out.a.data, out.b]) for (let i = 0; i < values.length; i++) values[i] /= paths.length
  return out
}

/** Least squares of what really came, discounted, against the value of every time: the best value in the mean square. */
export const martingaleLoss = (paths: readonly TimedPath[], discount: number): Conditions =>
  gather(paths, ({ times, features, rewards, terminal }, { a, b }) => {
    const weight = (t: number) => Math.exp(-discount * t)
    let rest = weight(times[features.length]) * terminal
    for (let i = features.length - 1; i >= 0; i--) {
      const length = times[i + 1] - times[i]
      const now = weight(times[i])
      rest += now * rewards[i] * length
      addOuter(a, features[i], features[i], now * now * length)
      for (let k = 0; k < b.length; k++) b[k] += features[i][k] * now * rest * length
    }
  })

/** What has been seen, fading by `fade` a unit of time; with no memory, what is seen now. */
export function traces({ times, features }: TimedPath, fade: number): Float64Array[] {
  if (fade === 0) return [...features]
  let trace = new Float64Array(features[0].length)
  return features.map((now, i) => {
    const kept = i === 0 ? 0 : fade ** (times[i] - times[i - 1])
    const length = times[i + 1] - times[i]
    trace = trace.map((value, k) => kept * value + now[k] * length)
    return trace
  })
}

/** The value's increments with what was brought must be orthogonal to all that has been seen: one condition a feature. */
export const orthogonality = (paths: readonly TimedPath[], discount: number, fade: number): Conditions =>
  gather(paths, (path, { a, b }) => {
    const seen = traces(path, fade)
    eachStretch(path, (now, next, length, brought, i) => {
      addOuter(
        a,
        seen[i],
        now.map((value, k) => value * (1 + discount * length) - next[k]),
        1,
      )
      for (let k = 0; k < b.length; k++) b[k] += seen[i][k] * brought
    })
  })

/** Goes along a path once, moving theta after each stretch by its surprise: theta + rate · trace · dM. */
export function learnAlong(theta: Float64Array, path: TimedPath, discount: number, fade: number, rate: number): Float64Array {
  const seen = traces(path, fade)
  const out = theta.slice()
  const worth = (features: Float64Array) => features.reduce((sum, value, k) => sum + value * out[k], 0)
  eachStretch(path, (now, next, length, brought, i) => {
    const surprise = worth(next) - worth(now) * (1 + discount * length) + brought
    for (let k = 0; k < out.length; k++) out[k] += rate * seen[i][k] * surprise
  })
  return out
}
