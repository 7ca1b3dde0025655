import { bdia } from '../../main/algorithms/diffusion/solvers/bdia.ts'
import { ddim } from '../../main/algorithms/diffusion/solvers/ddim.ts'
import { dpmSolverPp } from '../../main/algorithms/diffusion/solvers/dpm-solver-pp.ts'
import { dpmSolverV3 } from '../../main/algorithms/diffusion/solvers/dpm-solver-v3.ts'
import { measureStatistics } from '../../main/algorithms/diffusion/solvers/dpm-solver-v3-statistics.ts'
import { heun } from '../../main/algorithms/diffusion/solvers/heun.ts'
import type { Recipe } from '../../main/algorithms/diffusion/solvers/unified-recipe.ts'
import { unifiedSampling } from '../../main/algorithms/diffusion/solvers/unified-sampling.ts'
import { searchRecipe } from '../../main/algorithms/diffusion/solvers/unified-search.ts'
import { unipc } from '../../main/algorithms/diffusion/solvers/unipc.ts'
import { trajectoryScore } from '../../main/algorithms/diffusion/trajectory-score.ts'
import type { Sampled, Solver } from '../../main/algorithms/roles.ts'
import { lambdaOf, nodeAt } from '../../main/math/gaussian-path.ts'
import { outcome } from '../../main/math/integrate.ts'
import { lambdaOfRow, type ModelStatistics } from '../../main/math/model-statistics.ts'
import { noiseOf } from '../../main/math/random.ts'
import { discrete, evenLambda, exactEnd, generate, normals, signal, toy } from '../kit/generate.ts'
import { mixtureDenoiser } from '../kit/mixture.ts'

// How far each solver ends from the exact flow of a mixture in the plane, at equal network calls on steps even in lambda; then
// what a step of each costs beside the network, on a latent of 4 × 64 × 64.

/** Stable Diffusion's range, in continuous time. */
const path = { ...discrete, table: null }
const starts = Array.from({ length: 48 }, (_, k) => normals(2, k + 1))
const heldOut = Array.from({ length: 48 }, (_, k) => normals(2, k + 1001))
const ends = (list: readonly Float64Array[]) => Promise.all(list.map((x) => exactEnd({ x, path })))
const [exactStarts, exact] = [await ends(starts.slice(0, 8)), await ends(heldOut)]

async function measured(count: number): Promise<ModelStatistics> {
  const grid = { count, lambdaNoise: lambdaOf(nodeAt(path, path.tNoise)), lambdaData: lambdaOf(nodeAt(path, path.tData)) }
  const x0 = await ends(Array.from({ length: 64 }, (_, k) => normals(2, 5001 + k)))
  const found = await outcome(
    measureStatistics(
      {
        lambdas: Array.from({ length: count + 1 }, (_, row) => lambdaOfRow({ ...grid, l: [], s: [], b: [] }, row)),
        nodeOf: (lambda) => nodeAt(path, path.tOfLambda(lambda)),
        denoise: mixtureDenoiser(toy).denoise,
        x0,
        noise: x0.map((_, k) => normals(2, 7001 + k)),
        probes: [Float64Array.of(1, 1), Float64Array.of(1, -1)],
        stepX: 1e-3,
        stepLambda: 1e-4,
        rowLength: 2,
      },
      signal,
    ),
  )
  return { ...grid, ...found }
}
const statistics = await measured(200)

/** Steps that take at most so many calls. */
function stepsFor(solver: Solver<Sampled>, calls: number): number {
  let steps = 1
  while (solver.calls(evenLambda(path, steps + 1)) <= calls) steps++
  return steps
}
async function errorOf(solver: Solver<Sampled>, steps: number): Promise<number> {
  const legs = evenLambda(path, steps)
  const found = await Promise.all(heldOut.map(async (x) => (await generate({ solver, legs, x, path, statistics })).x))
  return trajectoryScore(found, exact)
}

const list: readonly (readonly [string, Solver<Sampled>])[] = [
  ['DDIM', ddim.make(ddim.params.parse({}), {})],
  ['Heun', heun.make({}, {})],
  ['DPM++ 2', dpmSolverPp.make(dpmSolverPp.params.parse({ order: 2, lowerOrderFinal: false }), {})],
  ['DPM++ 3, full', dpmSolverPp.make(dpmSolverPp.params.parse({ order: 3, fullThird: true, lowerOrderFinal: false }), {})],
  ['UniPC 2', unipc.make(unipc.params.parse({ order: 2 }), {})],
  ['UniPC 3', unipc.make(unipc.params.parse({ order: 3 }), {})],
  ['DPM-Solver-v3 2', dpmSolverV3.make(dpmSolverV3.params.parse({ order: 2 }), {})],
  ['DPM-Solver-v3 3', dpmSolverV3.make(dpmSolverV3.params.parse({ order: 3, predictorPseudo: true }), {})],
  ['BDIA, 0.5', bdia.make(bdia.params.parse({ gamma: 0.5 }), {})],
]
const budgets = [5, 10, 20, 50]
const rows: (readonly [string, readonly number[]])[] = []
for (const [name, solver] of list) {
  const errors: number[] = []
  for (const calls of budgets) errors.push(await errorOf(solver, stepsFor(solver, calls)))
  rows.push([name, errors])
}

/** The best of a hunt on eight starts, judged on others. */
async function hunted(calls: number): Promise<number> {
  const score = async (recipe: Recipe) => {
    const solver = unifiedSampling.make({ recipe }, {})
    const found = await Promise.all(starts.slice(0, 8).map(async (x) => (await generate({ solver, legs: [], x, path, statistics })).x))
    return trajectoryScore(found, exactStarts)
  }
  const hunt = { calls, from: path.tNoise, to: path.tData, evaluations: 300, measured: true }
  const { recipe } = await outcome(searchRecipe(hunt, score, noiseOf(1), signal))
  return errorOf(unifiedSampling.make({ recipe }, {}), 1)
}
rows.push(['Found recipe', [await hunted(5), await hunted(10), Number.NaN, Number.NaN]])

console.log('Root mean square distance from the exact flow, mean of 48 starts')
console.log(`${'calls'.padEnd(16)}${budgets.map((calls) => String(calls).padStart(10)).join('')}`)
for (const [name, errors] of rows)
  console.log(`${name.padEnd(16)}${errors.map((error) => (Number.isNaN(error) ? '–' : error.toFixed(5)).padStart(10)).join('')}`)

// A network that costs nothing: what is left is the solver.
const entries = 4 * 64 * 64
const still = normals(entries, 3)
const free = async (x: Float64Array) => ({ x0: still, eps: x })
const wide: ModelStatistics = { ...statistics, l: spread(statistics.l), s: spread(statistics.s), b: spread(statistics.b) }
function spread(table: readonly Float64Array[]): Float64Array[] {
  return table.map((row) => Float64Array.from({ length: 4 }, (_, i) => row[i % row.length]))
}
console.log('\nMilliseconds a step beside the network, 16 384 entries')
for (const [name, solver] of list) {
  const legs = evenLambda(path, 20)
  const run = { solver, legs, x: still, path, denoise: free, statistics: wide }
  await generate(run)
  const start = performance.now()
  for (let i = 0; i < 5; i++) await generate(run)
  console.log(`${name.padEnd(16)}${((performance.now() - start) / 100).toFixed(3).padStart(10)}`)
}
