import type { CurvedBlock } from '../../main/algorithms/bilevel.ts'
import { mix } from '../../main/math/mix.ts'

type Line = Float64Array

/** First and second differences, cut at the ends, and their transposes. */
const differencesOf: readonly { push(u: Line): Line; pull(v: Line): Line }[] = [
  {
    push: (u) => Float64Array.from({ length: u.length - 1 }, (_, i) => u[i + 1] - u[i]),
    pull: (v) => Float64Array.from({ length: v.length + 1 }, (_, i) => (i > 0 ? v[i - 1] : 0) - (i < v.length ? v[i] : 0)),
  },
  {
    push: (u) => Float64Array.from({ length: u.length - 2 }, (_, i) => u[i] - 2 * u[i + 1] + u[i + 2]),
    pull: (v) =>
      Float64Array.from(
        { length: v.length + 2 },
        (_, i) => (i < v.length ? v[i] : 0) - (i > 0 && i <= v.length ? 2 * v[i - 1] : 0) + (i > 1 ? v[i - 2] : 0),
      ),
  },
]

/**
 * A line that is smoothed: u(x) minimises ½|u - before|² + Σ exp(x) Σ (√((K u)² + ε²) - ε) over first and second differences K, and
 * shall be `after`.
 */
export function smoothedBlock(before: Line, after: Line, epsilon: number): CurvedBlock {
  const root = (z: number) => Math.sqrt(z * z + epsilon * epsilon)
  const pulls = (x: Line, u: Line) => differencesOf.map(({ push, pull }, j) => pull(push(u).map((z) => (Math.exp(x[j]) * z) / root(z))))
  return {
    ...{ size: before.length, start: before },
    upper: (_, u) => 0.5 * u.reduce((sum, value, i) => sum + (value - after[i]) ** 2, 0),
    upperInX: (x) => new Float64Array(x.length),
    upperInY: (_, u) => mix([1, u], [-1, after]),
    lower: (x, u) =>
      differencesOf.reduce(
        (sum, { push }, j) => sum + Math.exp(x[j]) * push(u).reduce((part, z) => part + root(z) - epsilon, 0),
        0.5 * u.reduce((sum, value, i) => sum + (value - before[i]) ** 2, 0),
      ),
    lowerInX: (x, u) =>
      Float64Array.from(differencesOf, ({ push }, j) => Math.exp(x[j]) * push(u).reduce((sum, z) => sum + root(z) - epsilon, 0)),
    lowerInY: (x, u) => mix([1, u], [-1, before], ...pulls(x, u).map((pull) => [1, pull] as const)),
    curvature: (x, u, v) =>
      differencesOf.reduce((sum: Line, { push, pull }, j) => {
        const [at, along] = [push(u), push(v)]
        return mix([1, sum], [Math.exp(x[j]), pull(at.map((z, i) => (epsilon ** 2 / root(z) ** 3) * along[i]))])
      }, v),
    mixed: (x, u, v) => Float64Array.from(pulls(x, u), (pull) => pull.reduce((sum, value, i) => sum + value * v[i], 0)),
  }
}
