import { solved } from '../../../main/algorithms/learning/martingale-evaluation.ts'
import { type Conditions, learnAlong, martingaleLoss, orthogonality, type TimedPath } from '../../../main/math/martingale.ts'
import { toRows } from '../../../main/math/matrix.ts'
import { brownian, naiveConditions } from '../../kit/watched.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const valuedOf = (conditions: Conditions) => ({
  A: toRows(conditions.a),
  b: conditions.b,
  theta: solved(conditions, 0),
})

/** Values of a discretised diffusion by every condition, and one pass of learning path by path. */
export const martingalePeAdapter: FileAdapter = {
  name: 'martingale-pe',
  recognises: ({ expected }) => Boolean(expected?.CLSTDlam),
  async check({ settings, expected, tolerance }) {
    const { T, dt, beta, lam, theta0, alpha } = settings
    const paths = (settings.paths as number[][]).map((x): TimedPath => {
      const n = x.length - 1
      return {
        times: Float64Array.from(x, (_, i) => i * dt),
        features: x.slice(0, n).map((value, i) => Float64Array.of(value * value, T - i * dt, (T - i * dt) * value * value)),
        rewards: Float64Array.from(x.slice(0, n), (value) => -0.5 * value * value),
        terminal: -x[n] * x[n],
      }
    })
    const { bm, ...wanted } = expected
    const actual: Inputs = {
      ML: valuedOf(martingaleLoss(paths, beta)),
      CLSTD0: valuedOf(orthogonality(paths, beta, 0)),
      CLSTDlam: valuedOf(orthogonality(paths, beta, lam)),
      MSTDE: valuedOf(naiveConditions(paths, beta)),
      CTD0_one_pass: paths.reduce((theta, path) => learnAlong(theta, path, beta, 0, alpha), flat(theta0)),
    }
    const notes = differences(actual, wanted, () => tolerance)
    if (!bm) return notes
    // One random draw stands in the file: what both must meet are the limits.
    const walks = brownian(400, 100, 40)
    const limits = [
      ['ML', martingaleLoss(walks, 0), bm.truth],
      ['CLSTD0', orthogonality(walks, 0, 0), bm.truth],
      ['MSTDE', naiveConditions(walks, 0), bm.truth / 2],
    ] as const
    for (const [name, conditions, limit] of limits) {
      const [theta] = solved(conditions, 0)
      for (const value of [theta, bm[name]]) if (!(Math.abs(value - limit) <= 0.1)) notes.push(`bm.${name}: ${value} instead of ${limit}`)
    }
    return notes
  },
}
