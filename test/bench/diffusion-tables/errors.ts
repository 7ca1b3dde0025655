import type { Recipe } from '../../../main/algorithms/diffusion/solvers/unified-recipe.ts'
import { unifiedSampling } from '../../../main/algorithms/diffusion/solvers/unified-sampling.ts'
import { searchRecipe } from '../../../main/algorithms/diffusion/solvers/unified-search.ts'
import { trajectoryScore } from '../../../main/algorithms/diffusion/trajectory-score.ts'
import { solvers } from '../../../main/algorithms/index.ts'
import type { Solver } from '../../../main/algorithms/roles.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { noiseOf } from '../../../main/math/random.ts'
import { evenLambda, generate, signal } from '../../kit/generate.ts'
import type { Table } from './table.ts'
import { type Pair, path, stepsFor, type World } from './worlds.ts'

const BUDGETS = [5, 10, 20, 50]
/** Recipes that a hunt tries; for long ones it would be a matter of minutes. */
const EVALUATIONS = 200
const LONGEST_HUNT = 10

const settings: readonly (readonly [name: string, id: string, params?: object])[] = [
  ['DDIM', 'ddim'],
  ['Euler', 'euler'],
  ['Heun', 'heun'],
  ['Runge and Kutta', 'runge-kutta'],
  ['DPM++ 2', 'dpm-solver-pp', { order: 2, lowerOrderFinal: false }],
  ['DPM++ 3, full', 'dpm-solver-pp', { order: 3, fullThird: true, lowerOrderFinal: false }],
  ['UniPC 2', 'unipc', { order: 2 }],
  ['UniPC 3', 'unipc', { order: 3 }],
  ['DPM-Solver-v3, order 2', 'dpm-solver-v3', { order: 2 }],
  ['DPM-Solver-v3, order 3', 'dpm-solver-v3', { order: 3, predictorPseudo: true }],
  ['BDIA, gamma 0.5', 'bdia', { gamma: 0.5 }],
  ['BDIA, gamma 1', 'bdia', { gamma: 1 }],
]

const made = (id: string, params: object): Solver => {
  const method = solvers.find((one) => one.id === id)
  if (!method) throw new RangeError(`There is no solver ${id}.`)
  return method.make(method.params.parse(params) as never, {}) as unknown as Solver
}

async function errorOf({ mixture, statistics }: World, solver: Solver, steps: number, starts: readonly Pair[]): Promise<number> {
  const legs = evenLambda(path, steps)
  const found = await Promise.all(starts.map(async ({ x }) => (await generate({ solver, legs, x, path, mixture, statistics })).x))
  return trajectoryScore(
    found,
    starts.map(({ end }) => end),
  )
}

/** The best of a hunt on a few starts, judged on others. */
async function hunted(world: World, calls: number): Promise<number | null> {
  if (calls > LONGEST_HUNT) return null
  const score = (recipe: Recipe) => errorOf(world, unifiedSampling.make({ recipe }, {}), 1, world.seen)
  const hunt = { calls, from: path.tNoise, to: path.tData, evaluations: EVALUATIONS, measured: true }
  const { recipe } = await outcome(searchRecipe(hunt, score, noiseOf(1), signal))
  return errorOf(world, unifiedSampling.make({ recipe }, {}), 1, world.unseen)
}

/** How far each solver ends from the exact flow at equal network calls. */
export async function errors(world: World): Promise<Table> {
  const rows: [string, ...(number | null)[]][] = []
  for (const [name, id, params = {}] of settings) {
    const solver = made(id, params)
    const values: (number | null)[] = []
    for (const calls of BUDGETS) {
      const steps = stepsFor(solver, calls)
      values.push(steps === 0 ? null : await errorOf(world, solver, steps, world.unseen))
    }
    rows.push([name, ...values])
  }
  const recipes: (number | null)[] = []
  for (const calls of BUDGETS) recipes.push(await hunted(world, calls))
  rows.push(['found recipe (S³)', ...recipes])
  return {
    title: `Error against the exact flow, ${world.title}`,
    head: ['network calls', ...BUDGETS.map(String)],
    rows,
    least: true,
    note: `Root mean square distance, mean of ${world.unseen.length} starts, on steps even in lambda over Stable Diffusion's range. Recipes were sought among ${EVALUATIONS} on ${world.seen.length} other starts, statistics measured on others still.`,
  }
}
