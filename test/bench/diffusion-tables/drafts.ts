import { autoDiffusion } from '../../../main/algorithms/diffusion/schedules/auto-diffusion.ts'
import { published, searchSteps } from '../../../main/algorithms/diffusion/schedules/auto-diffusion-search.ts'
import { multistep } from '../../../main/algorithms/diffusion/schedules/multistep.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { unipc } from '../../../main/algorithms/diffusion/solvers/unipc.ts'
import { trajectoryScore } from '../../../main/algorithms/diffusion/trajectory-score.ts'
import type { Solver } from '../../../main/algorithms/roles.ts'
import { handWritten } from '../../../main/engine/tuning/hand-written.ts'
import type { Leg } from '../../../main/math/gaussian-path.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { kernelDistance } from '../../../main/math/metrics/distribution.ts'
import { noiseOf } from '../../../main/math/random.ts'
import { discrete, generate, normals, signal } from '../../kit/generate.ts'
import type { Table } from './table.ts'
import type { Pair, World } from './worlds.ts'

const BUDGETS = [4, 6, 10]
const POINTS = 500

const plain = ddim.make({ eta: 0 }, {})
const usual = (steps: number) => multistep.make(multistep.params.parse({}), {}).legs(discrete, steps)
const even = (spacing: 'leading' | 'trailing') => (steps: number) =>
  uniform.make(uniform.params.parse({ spacing, landing: 'clean' }), {}).legs(discrete, steps)
const listed = (timesteps: readonly number[]) =>
  autoDiffusion.make({ found: [{ kind: 'levels', at: [...timesteps] }] }, {}).legs(discrete, timesteps.length)

type LegsOf = (steps: number) => readonly Leg[] | Promise<readonly Leg[]>

async function distance({ mixture }: World, solver: Solver, legs: readonly Leg[], starts: readonly Pair[]): Promise<number> {
  const ends = await Promise.all(starts.map(async ({ x }) => (await generate({ solver, legs, x, path: discrete, mixture })).x))
  return trajectoryScore(
    ends,
    starts.map(({ end }) => end),
  )
}

/** Steps found on the starts of the search, by the sizes the paper gives, from the lists written by hand on. */
const found =
  (world: World, solver: Solver): LegsOf =>
  async (steps) => {
    const habit = { spacing: 'leading', offset: 1, landing: 'clean' } as const
    const pool = Array.from({ length: 1000 }, (_, level) => level)
    const firsts = handWritten({ path: discrete, habit }, steps)
    const search = { pool, steps, blocks: 0, budget: Number.POSITIVE_INFINITY, firsts }
    const best = await outcome(
      searchSteps(search, published, ({ timesteps }) => distance(world, solver, listed(timesteps), world.seen), noiseOf(3), signal),
    )
    return listed(best.candidate.timesteps)
  }

/** Points of the mixture itself: each mode gets its exact share. */
function drawn({ mixture: { weights, means, stds }, size }: World, count: number, seed: number): Float64Array[] {
  const noise = normals(count * size, seed)
  const ends = weights.map((_, k) => weights.slice(0, k + 1).reduce((a, b) => a + b, 0))
  return Array.from({ length: count }, (_, i) => {
    const k = ends.findIndex((end) => (i + 0.5) / count < end)
    return Float64Array.from({ length: size }, (_, j) => (means[k]?.[j] ?? 0) + (stds[k] ?? 0) * (noise[i * size + j] ?? 0))
  })
}

async function kid(world: World, solver: Solver, legs: readonly Leg[], reference: readonly Float64Array[]): Promise<number> {
  const { mixture, size } = world
  const ends = Array.from(
    { length: POINTS },
    async (_, k) => (await generate({ solver, legs, x: normals(size, 20_000 + k), path: discrete, mixture })).x,
  )
  return kernelDistance(await Promise.all(ends), reference)
}

/** Drafts of few steps: even against found ones, by the distance from the exact flow and by that of the distributions. */
export async function drafts(world: World): Promise<readonly Table[]> {
  const unip = unipc.make(unipc.params.parse({}), {})
  const ways: readonly (readonly [string, Solver, LegsOf])[] = [
    ['DDIM, leading', plain, even('leading')],
    ['DDIM, trailing', plain, even('trailing')],
    ['DDIM, found', plain, found(world, plain)],
    ['UniPC, usual', unip, usual],
    ['UniPC, found', unip, found(world, unip)],
  ]
  const reference = drawn(world, POINTS, 41)
  const [trajectories, distributions]: [[string, ...number[]][], [string, ...number[]][]] = [[], []]
  for (const [name, solver, legsOf] of ways) {
    const [near, alike]: [number[], number[]] = [[], []]
    for (const steps of BUDGETS) {
      const legs = await legsOf(steps)
      near.push(await distance(world, solver, legs, world.unseen))
      alike.push(await kid(world, solver, legs, reference))
    }
    trajectories.push([name, ...near])
    distributions.push([name, ...alike])
  }
  const itself = kernelDistance(drawn(world, POINTS, 43), reference)
  distributions.push(['other points of the data', ...BUDGETS.map(() => itself)])
  const head = ['steps', ...BUDGETS.map(String)]
  const sought = `Steps were sought on ${world.seen.length} starts, by the trajectory score and with the paper's sizes (${published.epochs} rounds of ${published.population}), and are judged on others.`
  return [
    {
      title: `Drafts, trajectory score, ${world.title}`,
      head,
      rows: trajectories,
      least: true,
      note: `Distance from the exact flow, mean of ${world.unseen.length} starts; leading, trailing and usual are the even steps of Stable Diffusion's samplers. ${sought}`,
    },
    {
      title: `Drafts, kernel distance, ${world.title}`,
      head,
      rows: distributions,
      least: false,
      note: `KID's unbiased estimator on the points themselves, ${POINTS} of each: no features, no FID. What other points of the data itself come to is chance.`,
    },
  ]
}
