import { describe, expect, it } from 'vitest'
import { vpLinear } from '../../main/algorithms/diffusion/paths/vp-linear.ts'
import { sample } from '../../main/algorithms/diffusion/sample.ts'
import { multistepRecipe } from '../../main/algorithms/diffusion/solvers/unified-recipe.ts'
import { solvers } from '../../main/algorithms/index.ts'
import type { Draw, Model, Solver } from '../../main/algorithms/roles.ts'
import { type Leg, legsOf, nodeAt } from '../../main/math/gaussian-path.ts'
import { outcome } from '../../main/math/integrate.ts'
import { betasOf, tableOf } from '../../main/math/noise-table.ts'
import { noiseOf, normalsInto } from '../../main/math/random.ts'
import { gaussianData } from '../kit/gaussian-data.ts'
import { mixtureDenoiser } from '../kit/mixture.ts'

type Id = (typeof solvers)[number]['id']
const { signal } = new AbortController()

/** With a table and labels beside it, for the methods that ask for them; nothing here depends on their values. */
const path = { ...vpLinear.make(vpLinear.params.parse({}), {}), table: tableOf(betasOf('linear', 0.001, 0.02, 100)) }
const START = -2
const END = 2
const nodeOf = (lambda: number) => ({ ...nodeAt(path, path.tOfLambda(lambda)), label: 0 })
const gridOf = (steps: number): readonly Leg[] =>
  legsOf(Array.from({ length: steps + 1 }, (_, i) => nodeOf(START + ((END - START) * i) / steps)))

/** Statistics that change nothing (data prediction), so fine that their trapezoids cost no digits that matter here. */
const rows = 5120
const model: Model = {
  path,
  statistics: {
    count: rows,
    lambdaNoise: START - 1,
    lambdaData: END,
    l: Array.from({ length: rows + 1 }, () => Float64Array.of(1)),
    s: Array.from({ length: rows + 1 }, () => Float64Array.of(0)),
    b: Array.from({ length: rows + 1 }, () => Float64Array.of(0)),
  },
}

/** Settings of each solver on a course. A new solver cannot compile without. */
const settings: Readonly<Record<Id, (legs: readonly Leg[]) => readonly object[]>> = {
  bdia: () => [{ gamma: 0 }, { gamma: 0.5 }, { gamma: 1 }, { form: 'heun' }, { gamma: 1, form: 'heun' }, { form: 'heun-euler' }],
  ddim: () => [{}],
  'dpm-ot': () => [{ variety: 'exact' }],
  'dpm-solver-pp': () =>
    [1, 2, 3].flatMap((order) =>
      ['data', 'noise'].flatMap((prediction) => ['midpoint', 'heun'].map((form) => ({ order, prediction, form, lowerOrderFinal: false }))),
    ),
  'dpm-solver-v3': () =>
    [1, 2, 3].flatMap((order) =>
      [true, false].map((predictorPseudo) => ({ order, predictorPseudo, corrector: 'off', lowerOrderFinal: false })),
    ),
  euler: () => [{}],
  heun: () => [{}],
  'runge-kutta': () => [{}],
  'time-shift': () => [{}],
  'unified-sampling': (legs) => {
    const times = [legs[0].from, ...legs.map((leg) => leg.to)].map((node) => node.t)
    return [1, 2].flatMap((order) =>
      (['data', 'noise'] as const).map((held) => ({ recipe: multistepRecipe(times, held, order as 1 | 2, false) })),
    )
  },
  unipc: () =>
    [1, 2, 3].flatMap((order) =>
      ['data', 'noise'].flatMap((prediction) => ['bh1', 'bh2'].map((variant) => ({ order, prediction, variant, lowerOrderFinal: false }))),
    ),
}

const make = (method: (typeof solvers)[number], params: object): Solver =>
  (method.make as (params: unknown, networks: object) => Solver)(method.params.parse(params), {})

const data = gaussianData([0.7, -0.4], 0.6)
const w = Float64Array.of(1.1, -0.6, 0.3, 1.9)
const draws = (seed: number): Draw => {
  let counter = 0
  return (count) => {
    const values = new Float64Array(count)
    normalsInto(values, { ...noiseOf(seed), counter })
    counter += count
    return values
  }
}

/** Runs a solver over the grid with exact history, and says how far it ends from the exact flow. */
async function errorOf(method: (typeof solvers)[number], which: number, steps: number): Promise<number> {
  const legs = gridOf(steps)
  const solver = make(method, settings[method.id](legs)[which])
  const h = (END - START) / steps
  const past = [3, 2, 1].map((back) => data.asked(w, nodeOf(START - back * h)))
  const { denoise } = mixtureDenoiser(data.mixture)
  const start = data.flow(w, legs[0].from)
  const { x } = await outcome(sample({ solver, legs, model, denoise, x: start, draw: draws(1), past }, signal))
  const exact = data.flow(w, legs[legs.length - 1].to)
  return Math.sqrt(x.reduce((sum, value, i) => sum + (value - exact[i]) ** 2, 0) / x.length)
}

describe.each(solvers.map((method) => [method.id, method] as const))('the solver %s', (_, method) => {
  const variants = settings[method.id](gridOf(2))

  it.each(variants.map((params, which) => [JSON.stringify(params).slice(0, 90), which] as const))(
    'has the order it declares: %s',
    async (_, which) => {
      const { order } = make(method, settings[method.id](gridOf(2))[which])
      const measured = Math.log2((await errorOf(method, which, 32)) / (await errorOf(method, which, 64)))
      expect(measured).toBeGreaterThan(order - 0.3)
      expect(measured).toBeLessThan(order + 0.6)
    },
  )

  it('makes the calls it says, and the same of the same', async () => {
    for (const [which] of variants.entries()) {
      const legs = gridOf(8)
      const solver = make(method, settings[method.id](legs)[which])
      const run = async () => {
        const { denoise, calls } = mixtureDenoiser(data.mixture)
        const { x } = await outcome(sample({ solver, legs, model, denoise, x: data.flow(w, legs[0].from), draw: draws(7) }, signal))
        return { x, calls: calls() }
      }
      const first = await run()
      expect(first.calls).toBe(solver.calls(legs))
      expect(await run()).toEqual(first)
    }
  })

  it('stops when it is told to', async () => {
    const legs = gridOf(8)
    const solver = make(method, settings[method.id](legs)[0])
    const controller = new AbortController()
    const { denoise, calls } = mixtureDenoiser(data.mixture)
    const reason = new Error('enough')
    const steps = sample({ solver, legs, model, denoise, x: data.flow(w, legs[0].from), draw: draws(1) }, controller.signal)
    let before = 0
    const run = async () => {
      for await (const { step } of steps) {
        if (step !== 3) continue
        before = calls()
        controller.abort(reason)
      }
    }
    await expect(run()).rejects.toBe(reason)
    expect(calls()).toBe(before)
  })
})
