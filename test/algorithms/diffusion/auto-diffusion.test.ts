import { describe, expect, it } from 'vitest'
import { sample } from '../../../main/algorithms/diffusion/sample.ts'
import { autoDiffusion } from '../../../main/algorithms/diffusion/schedules/auto-diffusion.ts'
import { type Candidate, nameOf, type Space } from '../../../main/algorithms/diffusion/schedules/auto-diffusion-candidates.ts'
import { type Evolution, type Search, searchSteps } from '../../../main/algorithms/diffusion/schedules/auto-diffusion-search.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { frechetDistance } from '../../../main/math/metrics/distribution.ts'
import { noiseOf } from '../../../main/math/random.ts'
import { discrete, drawsOf, normals, signal, toy } from '../../kit/generate.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'

const space: Space = {
  pool: [20, 90, 160, 230, 300, 370, 440, 510, 580, 650, 720, 790, 860, 930],
  steps: 4,
  blocks: 0,
  budget: Number.POSITIVE_INFINITY,
}
const evolution: Evolution = { population: 20, parents: 5, mutations: 10, crossovers: 4, rate: 0.25, epochs: 12, maxPrune: 0, minPrune: 0 }
const pairs = (values: Float64Array) => Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i], values[2 * i + 1]])

const x = normals(96, 17)
const reference = pairs(normals(400, 23)).map(([a, b], i) => {
  const k = i % 20 < 9 ? 0 : i % 20 < 16 ? 1 : 2
  return [toy.means[k][0] + toy.stds[k] * a, toy.means[k][1] + toy.stds[k] * b]
})
const scores = new Map<string, Promise<number>>()
/** Fréchet distance of what the steps make from the data. Every candidate is scored once for all the tests. */
const scoreOf = (candidate: Candidate): Promise<number> => {
  const name = nameOf(candidate)
  const found = scores.get(name) ?? run(candidate)
  scores.set(name, found)
  return found
}
async function run({ timesteps }: Candidate): Promise<number> {
  const legs = autoDiffusion.make({ found: [{ kind: 'levels', at: [...timesteps] }] }, {}).legs(discrete, timesteps.length)
  const solver = ddim.make({ eta: 0 }, {})
  const model = { path: discrete, statistics: null }
  const end = await outcome(sample({ solver, legs, model, denoise: mixtureDenoiser(toy).denoise, x, draw: drawsOf(1) }, signal))
  return frechetDistance(pairs(end.x), reference)
}
const all = (pool: readonly number[], count: number): number[][] =>
  count === 0 ? [[]] : pool.flatMap((first, i) => all(pool.slice(i + 1), count - 1).map((rest) => [first, ...rest]))

describe('AutoDiffusion', () => {
  it('comes within five in a hundred of the best choice of all, with a quarter of the looks', async () => {
    const every = await Promise.all(all(space.pool, 4).map((timesteps) => scoreOf({ timesteps, skip: [[], [], [], []] })))
    const best = Math.min(...every)
    for (let seed = 1; seed <= 10; seed++) {
      let looks = 0
      const score = (candidate: Candidate) => {
        looks++
        return scoreOf(candidate)
      }
      const found = await outcome(searchSteps(space, evolution, score, noiseOf(seed), signal))
      expect(looks).toBeLessThanOrEqual(250)
      expect(found.score).toBeLessThanOrEqual(1.05 * best)
    }
  })

  it('goes on where it stopped, to the same steps', async () => {
    const short = { ...evolution, epochs: 3 }
    const whole = await outcome(searchSteps(space, short, scoreOf, noiseOf(2), signal))
    let half: Search | undefined
    let looks = 0
    for await (const { state } of searchSteps(space, short, scoreOf, noiseOf(2), signal)) {
      half = state
      if (++looks === 30) break
    }
    expect(await outcome(searchSteps(space, short, scoreOf, noiseOf(2), signal, structuredClone(half)))).toEqual(whole)
  })

  it('seeks blocks to skip within the budget, once the steps are settled', async () => {
    const blocks = 12
    const wide = { ...space, blocks, budget: 44 }
    // Each step and each skipped block of an odd number costs; even blocks are for nothing: a search must find to skip those.
    const cost = async ({ timesteps, skip }: Candidate) => {
      expect(skip.reduce((run, list) => run + blocks - list.length, 0)).toBeLessThanOrEqual(44)
      expect(new Set(timesteps).size).toBe(timesteps.length)
      return skip.flat().filter((block) => block % 2 === 1).length + 4 - new Set(skip.flat()).size / blocks
    }
    const found = await outcome(searchSteps(wide, { ...evolution, maxPrune: 0.5, minPrune: 0.1 }, cost, noiseOf(4), signal))
    expect(found.score).toBeLessThan(5)
    expect(found.candidate.skip.flat().length).toBeGreaterThanOrEqual(4)
  })

  it('refuses what cannot be, and says what was not found', async () => {
    const never = async () => 0
    await expect(outcome(searchSteps({ ...space, steps: 20 }, evolution, never, noiseOf(1), signal))).rejects.toThrow(/cannot be chosen/)
    expect(() => autoDiffusion.make({ found: [] }, {}).legs(discrete, 6)).toThrow(/Nothing was found for 6 steps/)
  })
})
