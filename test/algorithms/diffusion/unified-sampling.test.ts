import { describe, expect, it } from 'vitest'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { dpmSolverPp } from '../../../main/algorithms/diffusion/solvers/dpm-solver-pp.ts'
import { presets } from '../../../main/algorithms/diffusion/solvers/unified-presets.ts'
import {
  callsOf,
  expectRecipe,
  multistepRecipe,
  type Recipe,
  unipcRecipe,
} from '../../../main/algorithms/diffusion/solvers/unified-recipe.ts'
import { unifiedSampling } from '../../../main/algorithms/diffusion/solvers/unified-sampling.ts'
import { type Hunt, type HuntState, searchRecipe } from '../../../main/algorithms/diffusion/solvers/unified-search.ts'
import { unipc } from '../../../main/algorithms/diffusion/solvers/unipc.ts'
import { trajectoryScore } from '../../../main/algorithms/diffusion/trajectory-score.ts'
import type { Leg } from '../../../main/math/gaussian-path.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { noiseOf } from '../../../main/math/random.ts'
import { apart, discrete, evenLambda, exactEnd, furthest, generate, normals, signal, smooth, toy } from '../../kit/generate.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'

const legs = evenLambda(smooth, 8)
const timesOf = (some: readonly Leg[]) => [some[0].from.t, ...some.map((leg) => leg.to.t)]
const times = timesOf(legs)
const x = normals(40, 6)
const cooked = async (recipe: Recipe) => (await generate({ solver: unifiedSampling.make({ recipe }, {}), legs, x })).x

describe('sampler recipes', () => {
  it('are the known solvers, to rounding', async () => {
    const endOf = async (solver: Parameters<typeof generate>[0]['solver']) => (await generate({ solver, legs, x })).x
    const pp = (params: object) => dpmSolverPp.make(dpmSolverPp.params.parse(params), {})
    const uni = (order: number) => unipc.make(unipc.params.parse({ order }), {})
    expect(furthest(await cooked(multistepRecipe(times, 'data', 1, true)), await endOf(ddim.make({ eta: 0 }, {})))).toBeLessThan(1e-11)
    expect(furthest(await cooked(multistepRecipe(times, 'data', 2, true)), await endOf(pp({ order: 2 })))).toBeLessThan(1e-11)
    expect(
      furthest(await cooked(multistepRecipe(times, 'noise', 2, true)), await endOf(pp({ order: 2, prediction: 'noise' }))),
    ).toBeLessThan(1e-11)
    expect(furthest(await cooked(unipcRecipe(times, 2)), await endOf(uni(2)))).toBeLessThan(1e-11)
    expect(furthest(await cooked(unipcRecipe(times, 3)), await endOf(uni(3)))).toBeLessThan(1e-11)
  })

  it('save the first call where they take the start for the noise', async () => {
    const recipe: Recipe = { ...unipcRecipe(times, 2), afs: 'zero_x0' }
    const { denoise, calls } = mixtureDenoiser(toy)
    await generate({ solver: unifiedSampling.make({ recipe }, {}), legs, x, denoise })
    expect(calls()).toBe(7)
    expect(callsOf(recipe)).toBe(7)
  })

  it('without statistics hold the picture still instead, and say so', async () => {
    const recipe = multistepRecipe(times, 'data', 2, true)
    const measured: Recipe = { ...recipe, steps: recipe.steps.map((step, i) => (i === 2 || i === 5 ? { ...step, pred: 'v3' } : step)) }
    const { x: end, report } = await generate({ solver: unifiedSampling.make({ recipe: measured }, {}), legs, x })
    expect(end).toEqual(await cooked(recipe))
    expect(report).toEqual({ replaced: [2, 5] })
  })

  it.each([
    ['does not fall', (r: Recipe): Recipe => ({ ...r, timesteps: r.timesteps.map((t, i) => (i === 3 ? 0.99 : t)) })],
    [
      'reaches back before the start',
      (r: Recipe): Recipe => ({ ...r, steps: r.steps.map((s, i) => (i === 1 ? { ...s, points: [[-3]] } : s)) }),
    ],
    ['needs 2 lists of points', (r: Recipe): Recipe => ({ ...r, steps: r.steps.map((s, i) => (i === 4 ? { ...s, order: 3 } : s)) })],
    ['uses a point twice', (r: Recipe): Recipe => ({ ...r, steps: r.steps.map((s, i) => (i === 4 ? { ...s, points: [[-2, -2]] } : s)) })],
    ['need 9 times', (r: Recipe): Recipe => ({ ...r, timesteps: r.timesteps.slice(1) })],
  ])('are refused where one %s', (message, spoil) => {
    expect(() => expectRecipe(spoil(multistepRecipe(times, 'data', 2, true)))).toThrow(message)
  })
})

describe('the search for recipes', () => {
  const starts = [1, 2, 3].map((seed) => normals(2, seed))
  const hunt: Hunt = { calls: 5, from: smooth.tNoise, to: 0.01, evaluations: 60, measured: false }
  const references = Promise.all(starts.map((start) => exactEnd({ x: start, to: 0.01 })))
  const scoreOf = async (recipe: Recipe) => {
    const solver = unifiedSampling.make({ recipe }, {})
    const ends = await Promise.all(starts.map(async (start) => (await generate({ solver, legs, x: start })).x))
    return trajectoryScore(ends, await references)
  }

  it('never ends worse than the known solvers, and keeps to the budget', async () => {
    const seen: number[] = []
    const score = async (recipe: Recipe) => {
      expect(callsOf(recipe)).toBeLessThanOrEqual(5)
      seen.push(await scoreOf(recipe))
      return seen[seen.length - 1]
    }
    const best = await outcome(searchRecipe(hunt, score, noiseOf(3), signal))
    expect(seen).toHaveLength(60)
    expect(best.score).toBeLessThan(Math.min(...seen.slice(0, 10)))
    expect(await scoreOf(best.recipe)).toBe(best.score)
  })

  it('goes on where it stopped, to the same recipe', async () => {
    const short = { ...hunt, evaluations: 24 }
    const whole = await outcome(searchRecipe(short, scoreOf, noiseOf(5), signal))
    let half: HuntState | undefined
    for await (const { step, state } of searchRecipe(short, scoreOf, noiseOf(5), signal)) {
      half = state
      if (step === 14) break
    }
    expect(await outcome(searchRecipe(short, scoreOf, noiseOf(5), signal, structuredClone(half)))).toEqual(whole)
  })
})

describe('the recipes that come with the studio', () => {
  it.each(presets.map((preset) => [preset.calls, preset] as const))(
    'of %i calls runs on the path it was found for',
    async (calls, { recipe }) => {
      const { denoise, calls: made } = mixtureDenoiser(toy)
      const solver = unifiedSampling.make({ recipe }, {})
      const { x: end } = await generate({ solver, legs: [], x: normals(40, 2), path: discrete, denoise })
      expect(made()).toBe(calls)
      const exact = await exactEnd({ x: normals(40, 2), path: discrete })
      // Found for another model: no better than this is promised, but it must lead to the same pictures.
      expect(apart(end, exact)).toBeLessThan(0.7)
    },
  )
})
