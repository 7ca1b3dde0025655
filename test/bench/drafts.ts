import { rectifiedFlow } from '../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { autoDiffusion } from '../../main/algorithms/diffusion/schedules/auto-diffusion.ts'
import type { Candidate } from '../../main/algorithms/diffusion/schedules/auto-diffusion-candidates.ts'
import { published, searchSteps } from '../../main/algorithms/diffusion/schedules/auto-diffusion-search.ts'
import { uniform } from '../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../main/algorithms/diffusion/solvers/ddim.ts'
import { euler } from '../../main/algorithms/diffusion/solvers/euler.ts'
import { timeShift } from '../../main/algorithms/diffusion/solvers/time-shift.ts'
import type { Leg } from '../../main/math/gaussian-path.ts'
import { outcome } from '../../main/math/integrate.ts'
import { frechetDistance } from '../../main/math/metrics/distribution.ts'
import { type Denoise, decode, rows } from '../../main/math/prediction.ts'
import { noiseOf } from '../../main/math/random.ts'
import { discrete, generate, normals, signal, toy } from '../kit/generate.ts'
import type { Mixture } from '../kit/mixture.ts'

// Drafts of 4, 6 and 10 steps on data that is known: found steps against even ones, Time-Shift against plain DDIM, and rectified
// flow once and twice. The distances are Fréchet distances of points in the plane and of spreads; none is an FID.

const budgets = [4, 6, 10]
const pairs = (x: Float64Array) => Array.from({ length: x.length / 2 }, (_, i) => [x[2 * i], x[2 * i + 1]])
const print = (title: string, name: string, values: readonly number[]) =>
  console.log(`${title.padEnd(34)}${name.padEnd(24)}${values.map((value) => value.toFixed(4).padStart(9)).join('')}`)
console.log(`${''.padEnd(58)}${budgets.map((steps) => String(steps).padStart(9)).join('')}`)

const plain = ddim.make({ eta: 0 }, {})
const even = (steps: number): readonly Leg[] => uniform.make(uniform.params.parse({ landing: 'clean' }), {}).legs(discrete, steps)
const listed = ({ timesteps }: Pick<Candidate, 'timesteps'>) =>
  autoDiffusion.make({ found: [{ kind: 'levels', at: [...timesteps] }] }, {}).legs(discrete, timesteps.length)
const drawn = (count: number, seed: number) =>
  pairs(normals(2 * count, seed)).map((z, i) => {
    const k = i % 20 < 9 ? 0 : i % 20 < 16 ? 1 : 2
    return z.map((value, j) => toy.means[k][j] + toy.stds[k] * value)
  })
const distance = async (legs: readonly Leg[], seed: number, reference: number[][]) =>
  frechetDistance(pairs((await generate({ solver: plain, legs, x: normals(1000, seed), path: discrete })).x), reference)

const pool = Array.from({ length: 50 }, (_, i) => 20 * i + 1)
const [seen, unseen] = [drawn(1000, 41), drawn(4000, 42)]
const [evenly, found]: [number[], number[]] = [[], []]
for (const steps of budgets) {
  const space = { pool, steps, blocks: 0, budget: Number.POSITIVE_INFINITY }
  const best = await outcome(searchSteps(space, published, (candidate) => distance(listed(candidate), 51, seen), noiseOf(3), signal))
  evenly.push(await distance(even(steps), 52, unseen))
  found.push(await distance(listed(best.candidate), 52, unseen))
}
print('Fréchet distance, other seeds', 'DDIM, even steps', evenly)
print('', 'DDIM, found steps', found)

/** Pictures of 192 values of deviation 0.2 around three means. */
const pictures: Mixture = {
  weights: [0.4, 0.35, 0.25],
  means: [21, 22, 23].map((seed) => [...normals(192, seed).map((value) => 0.4 * value)]),
  stds: [0.2, 0.2, 0.2],
}
const spread = (x: Float64Array) =>
  Math.min(...pictures.means.map((mean) => Math.sqrt(x.reduce((sum, value, i) => sum + (value - mean[i]) ** 2, 0) / x.length)))
for (const [name, of] of [
  ['DDIM', () => plain],
  ['Time-Shift, target', (steps: number) => timeShift.make(timeShift.params.parse({ window: Math.round(400 / steps) }), {})],
] as const) {
  const values: number[] = []
  for (const steps of budgets) {
    let sum = 0
    for (let seed = 1; seed <= 40; seed++)
      sum += spread((await generate({ solver: of(steps), legs: even(steps), x: normals(192, seed), path: discrete, mixture: pictures })).x)
    values.push(Math.abs(sum / 40 - 0.2))
  }
  print(name === 'DDIM' ? 'Spread lost or won, of 0.2' : '', name, values)
}

const flow = rectifiedFlow.make({}, {})
const [mean, std] = [-0.6, 0.5]
const once: Mixture = { weights: [1], means: [[mean, mean]], stds: [std] }
/** What a second rectification of Gaussian data learns: lines that never cross. */
const twice: Denoise = async (x, at) => {
  const start = x.map((value) => (value - at.t * mean) / (1 - at.t + at.t * std))
  const velocity = start.map((value) => mean + (std - 1) * value)
  return decode(x, velocity, rows.velocity(at, flow), at)
}
const goal = pairs(normals(8000, 61)).map((z) => z.map((value) => mean + std * value))
for (const [name, more] of [
  ['rectified once', { mixture: once }],
  ['rectified twice', { denoise: twice }],
] as const) {
  const values: number[] = []
  for (const steps of budgets) {
    const legs = uniform.make(uniform.params.parse({}), {}).legs(flow, steps)
    const { x } = await generate({ solver: euler.make({}, {}), legs, x: normals(8000, 62), path: flow, ...more })
    values.push(frechetDistance(pairs(x), goal))
  }
  print(name === 'rectified once' ? 'Fréchet distance, Gaussian data' : '', name, values)
}
