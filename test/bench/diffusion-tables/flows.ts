import { rectifiedFlow } from '../../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { euler } from '../../../main/algorithms/diffusion/solvers/euler.ts'
import { frechetDistance } from '../../../main/math/metrics/distribution.ts'
import { type Denoise, decode, rows } from '../../../main/math/prediction.ts'
import { generate, normals } from '../../kit/generate.ts'
import { type Mixture, mixtureDenoiser } from '../../kit/mixture.ts'
import type { Table } from './table.ts'

const BUDGETS = [1, 4, 10]
const POINTS = 4000
const [mean, deviation] = [-0.6, 0.5]
const path = rectifiedFlow.make({}, {})
const gaussian: Mixture = { weights: [1], means: [[mean, mean]], stds: [deviation] }
const pairs = (x: Float64Array) => Array.from({ length: x.length / 2 }, (_, i) => x.subarray(2 * i, 2 * i + 2))

/** What a second rectification of Gaussian data learns: straight lines that never cross. */
const twice: Denoise = async (x, at) => {
  const start = x.map((value) => (value - at.t * mean) / (1 - at.t + at.t * deviation))
  const velocity = start.map((value) => mean + (deviation - 1) * value)
  return decode(x, velocity, rows.velocity(at, path), at)
}

/** A flow rectified once, whose lines bend, and one rectified twice, whose lines are straight. */
export async function flows(): Promise<Table> {
  const goal = pairs(normals(2 * POINTS, 61)).map((point) => point.map((value) => mean + deviation * value))
  const found: [string, ...number[]][] = []
  for (const [name, denoise] of [
    ['rectified once', mixtureDenoiser(gaussian).denoise],
    ['rectified twice', twice],
  ] as const) {
    const values: number[] = []
    for (const steps of BUDGETS) {
      const legs = uniform.make(uniform.params.parse({}), {}).legs(path, steps)
      const { x } = await generate({ solver: euler.make({}, {}), legs, x: normals(2 * POINTS, 62), path, denoise })
      values.push(frechetDistance(pairs(x), goal))
    }
    found.push([name, ...values])
  }
  return {
    title: 'Rectified flow, once and twice',
    head: ['steps of Euler', ...BUDGETS.map(String)],
    rows: found,
    least: true,
    note: `Fréchet distance of ${POINTS} points from Gaussian data in the plane. The second flow is the limit of training, in closed form.`,
  }
}
