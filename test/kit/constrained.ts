import type { Constrained } from '../../main/math/exact-lagrangian.ts'
import { fromRows } from '../../main/math/matrix.ts'

const at = (...values: readonly number[]) => Float64Array.of(...values)

/** Standard problems with known answers, by the names of Hock and Schittkowski. */
export const standard: Readonly<Record<string, Constrained>> = {
  HS6: {
    energy: ([a]) => (1 - a) ** 2,
    slope: ([a]) => at(-2 * (1 - a), 0),
    constraints: ([a, b]) => at(10 * (b - a * a)),
    jacobian: ([a]) => fromRows([[-20 * a, 10]]),
    curvature: (_, [lam]) =>
      fromRows([
        [2 - 20 * lam, 0],
        [0, 0],
      ]),
  },
  HS7: {
    energy: ([a, b]) => Math.log(1 + a * a) - b,
    slope: ([a]) => at((2 * a) / (1 + a * a), -1),
    constraints: ([a, b]) => at((1 + a * a) ** 2 + b * b - 4),
    jacobian: ([a, b]) => fromRows([[4 * a * (1 + a * a), 2 * b]]),
    curvature: ([a], [lam]) =>
      fromRows([
        [(2 - 2 * a * a) / (1 + a * a) ** 2 + lam * (4 + 12 * a * a), 0],
        [0, 2 * lam],
      ]),
  },
  HS42: {
    energy: (x) => x.reduce((sum, value, i) => sum + (value - i - 1) ** 2, 0),
    slope: (x) => x.map((value, i) => 2 * (value - i - 1)),
    constraints: ([a, , c, d]) => at(a - 2, c * c + d * d - 2),
    jacobian: ([, , c, d]) =>
      fromRows([
        [1, 0, 0, 0],
        [0, 0, 2 * c, 2 * d],
      ]),
    curvature: (_, [, lam]) => fromRows([0, 0, lam, lam].map((more, i) => [0, 1, 2, 3].map((j) => (i === j ? 2 + 2 * more : 0)))),
  },
}
