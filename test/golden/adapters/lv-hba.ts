import type { BilevelProblem, Block } from '../../../main/algorithms/bilevel.ts'
import {
  type Duel,
  type LagrangianState,
  lagrangianBilevel,
  lagrangianMove,
  lagrangianValue,
} from '../../../main/algorithms/learning/lagrangian-bilevel.ts'
import { nearestWithin } from '../../../main/math/dykstra.ts'
import { fromRows, matrix } from '../../../main/math/matrix.ts'
import { mix } from '../../../main/math/mix.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

const half = (v: Float64Array) => 0.5 * v.reduce((sum, value) => sum + value * value, 0)
const sum = (...lists: readonly Float64Array[]) => lists.reduce((all, list) => all + list.reduce((a, b) => a + b, 0), 0)
const join = (...lists: readonly Float64Array[]) => Float64Array.from(lists.flatMap((list) => [...list]))

/** F = ½|x - y2|² + ½|y1 - 1|², f = ½|y1|² - x·y1 + 1·y2, and one equality: everything sums to nothing. */
function toy(n: number): BilevelProblem {
  const scale = 1 / Math.sqrt(3 * n)
  const parts = (y: Float64Array) => [y.subarray(0, n), y.subarray(n)] as const
  const block: Block = {
    size: 2 * n,
    upper: (x, y) => half(mix([1, x], [-1, parts(y)[1]])) + half(parts(y)[0].map((value) => value - 1)),
    upperInX: (x, y) => mix([1, x], [-1, parts(y)[1]]),
    upperInY: (x, y) =>
      join(
        parts(y)[0].map((value) => value - 1),
        mix([1, parts(y)[1]], [-1, x]),
      ),
    lower: (x, y) => half(parts(y)[0]) - x.reduce((all, value, i) => all + value * y[i], 0) + sum(parts(y)[1]),
    lowerInX: (_, y) => mix([-1, parts(y)[0]]),
    lowerInY: (x, y) => join(mix([1, parts(y)[0]], [-1, x]), new Float64Array(n).fill(1)),
    constraints: {
      kind: 'equality',
      value: (x, y) => Float64Array.of(scale * sum(x, y)),
      pull: (_x, _y, [l]) => ({ x: new Float64Array(n).fill(scale * l), y: new Float64Array(2 * n).fill(scale * l) }),
    },
  }
  // An equality is two inequalities.
  const rows = matrix(
    2,
    3 * n,
    Float64Array.from({ length: 6 * n }, (_, i) => (i < 3 * n ? scale : -scale)),
  )
  const projectJoint: BilevelProblem['projectJoint'] = (x, [y]) => {
    const { point } = nearestWithin(rows, new Float64Array(2), join(x, y))
    return { x: point.slice(0, n), y: [point.slice(n)] }
  }
  return { size: n, blocks: [block], project: (x) => x, projectJoint }
}

/** Steps, the value of the proximal Lagrangian, and the projection it needs. */
export const lvHbaAdapter: FileAdapter = {
  name: 'lv-hba',
  recognises: ({ expected }) => Boolean(expected?.iterates && expected.value?.lam_star),
  async check({ settings, expected, tolerance }) {
    const { n, alpha, beta, eta, gamma1, gamma2, c0: weight, p: growth, projection } = settings
    const chosen = lagrangianBilevel.params.parse({ alpha, beta, eta, gamma1, gamma2, weight, growth, finish: 1 })
    const problem = toy(n)
    const [x, y] = [flat(settings.x0), flat(settings.y0)]
    const list = (value: number | number[]) => flat([value])
    const duel: Duel = { y, theta: flat(settings.theta0), multipliers: list(settings.lam0), anchor: list(settings.z0) }
    const wanted = new Set(Object.keys(expected.iterates).map(Number))
    const iterates: Record<string, Inputs> = {}
    let state: LagrangianState = { x, at: x, y: [y], duels: [duel] }
    for (let k = 0; k < Math.max(...wanted); k++) {
      const move = lagrangianMove(problem, state, k, chosen)
      for (let next = move.next(); ; next = move.next())
        if (next.done) {
          state = next.value
          break
        }
      const [{ theta, multipliers, anchor }] = state.duels
      if (wanted.has(k + 1)) iterates[k + 1] = { x: state.x, y: state.y[0], theta, lam: multipliers, z: anchor }
    }
    const [block] = problem.blocks
    const value = lagrangianValue(block, x, { ...duel, anchor: list(settings.value_point.z) }, chosen)
    const number = ([one]: Float64Array) => one
    const end = state
    const average = (values: Float64Array) => sum(values) / values.length
    const notes = differences(
      {
        iterates,
        value: {
          ...{ v: value.value, grad_x: value.inX, grad_y: value.inY, grad_z: number(value.inAnchor) },
          ...{ theta_star: value.theta, lam_star: number(value.multipliers), f_minus_v: block.lower(x, y) - value.value },
        },
        projection: nearestWithin(fromRows(projection.A), flat(projection.c), flat(projection.w)).point,
        solution: { x: average(end.x), y1: average(end.y[0].subarray(0, n)), y2: average(end.y[0].subarray(n)) },
      },
      expected,
      // The true solution, which the steps approach like the inverse of the weight.
      (path) => (path.startsWith('solution') ? 0.02 : tolerance[path.split('.')[0]]),
    )
    return notes
  },
}
