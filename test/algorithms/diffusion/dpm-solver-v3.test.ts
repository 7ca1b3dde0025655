import { describe, expect, it } from 'vitest'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { dpmSolverPp } from '../../../main/algorithms/diffusion/solvers/dpm-solver-pp.ts'
import { dpmSolverV3 } from '../../../main/algorithms/diffusion/solvers/dpm-solver-v3.ts'
import {
  callsToMeasure,
  type Measured,
  type Measurement,
  type Moments,
  measureStatistics,
} from '../../../main/algorithms/diffusion/solvers/dpm-solver-v3-statistics.ts'
import { lambdaOf, nodeAt } from '../../../main/math/gaussian-path.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { lambdaOfRow, type ModelStatistics } from '../../../main/math/model-statistics.ts'
import { gaussianData } from '../../kit/gaussian-data.ts'
import { apart, discrete, evenLambda, exactEnd, furthest, generate, normals, signal, smooth, toy } from '../../kit/generate.ts'
import { type Mixture, mixtureDenoiser } from '../../kit/mixture.ts'

const path = { ...smooth, tData: 0.01 }
const ends = { lambdaNoise: lambdaOf(nodeAt(path, path.tNoise)), lambdaData: lambdaOf(nodeAt(path, path.tData)) }
const v3 = (params: object) => dpmSolverV3.make(dpmSolverV3.params.parse(params), {})
const sizes = (mixture: Mixture, draws: number): Float64Array[] =>
  Array.from({ length: draws }, (_, k) => {
    const z = normals(2, 1000 + k)
    const part = k % 20 < 20 * mixture.weights[0] ? 0 : k % 20 < 20 * (mixture.weights[0] + (mixture.weights[1] ?? 0)) ? 1 : 2
    return Float64Array.from(mixture.means[part], (mean, i) => mean + mixture.stds[part] * z[i])
  })

function measurement(mixture: Mixture, count: number, draws = 60): Measurement {
  const grid = { count, ...ends, l: [], s: [], b: [] }
  return {
    lambdas: Array.from({ length: count + 1 }, (_, row) => lambdaOfRow(grid, row)),
    nodeOf: (lambda) => nodeAt(path, path.tOfLambda(lambda)),
    denoise: mixtureDenoiser(mixture).denoise,
    x0: sizes(mixture, draws),
    noise: Array.from({ length: draws }, (_, k) => normals(2, 5000 + k)),
    probes: [Float64Array.of(1, 1), Float64Array.of(1, -1)],
    stepX: 1e-3,
    stepLambda: 1e-4,
    rowLength: 2,
  }
}
const statisticsOf = ({ l, s, b }: Measured, count: number): ModelStatistics => ({ count, ...ends, l, s, b })
const measured = async (mixture: Mixture, count: number) =>
  statisticsOf(await outcome(measureStatistics(measurement(mixture, count), signal)), count)
const starts = Array.from({ length: 24 }, (_, k) => normals(2, k + 1))

describe('DPM-Solver-v3', () => {
  it('is exact on Gaussian data, even in one step', async () => {
    const data = gaussianData([0.8, -0.5], 0.4)
    const errorOf = async (count: number, steps: number) => {
      const statistics = await measured(data.mixture, count)
      const legs = evenLambda(path, steps)
      const w = Float64Array.of(0.7, -1.2)
      const x = data.flow(w, legs[0].from)
      const end = await generate({ solver: v3({ order: 1, corrector: 'off' }), legs, x, path, mixture: data.mixture, statistics })
      return furthest(end.x, data.flow(w, legs[steps - 1].to))
    }
    expect(await errorOf(240, 1)).toBeLessThan(5e-4)
    expect(await errorOf(240, 5)).toBeLessThan(5e-4)
    // What is left is the grid's: four times finer, sixteen times less.
    expect((await errorOf(240, 1)) / (await errorOf(960, 1))).toBeGreaterThan(8)
  })

  it('with statistics of 1, 0 and 0 is DDIM, up to the grid', async () => {
    const gapOf = async (count: number) => {
      const rows = (value: number) => Array.from({ length: count + 1 }, () => Float64Array.of(value))
      const statistics = { count, ...ends, l: rows(1), s: rows(0), b: rows(0) }
      const legs = evenLambda(path, 6)
      const run = { legs, x: starts[0], path }
      const own = await generate({ ...run, solver: v3({ order: 1, corrector: 'off' }), statistics })
      return furthest(own.x, (await generate({ ...run, solver: ddim.make({ eta: 0 }, {}) })).x)
    }
    const [coarse, fine] = [await gapOf(60), await gapOf(120)]
    expect(coarse / fine).toBeGreaterThan(3.5)
    expect(coarse / fine).toBeLessThan(4.5)
  })

  it('comes nearer to the flow than DPM++ at equal calls', async () => {
    const statistics = await measured(toy, 120)
    for (const steps of [5, 10, 20]) {
      const legs = evenLambda(path, steps)
      let [own, other] = [0, 0]
      for (const x of starts) {
        const exact = await exactEnd({ x, path })
        own += apart((await generate({ solver: v3({ order: 3, lowerOrderFinal: steps < 10 }), legs, x, path, statistics })).x, exact)
        const pp = dpmSolverPp.make(dpmSolverPp.params.parse({ order: 2, lowerOrderFinal: false }), {})
        other += apart((await generate({ solver: pp, legs, x, path })).x, exact)
      }
      expect(own).toBeLessThan(other)
    }
  })

  it('refuses what does not fit, in words', async () => {
    const legs = evenLambda(path, 6)
    await expect(generate({ solver: v3({}), legs, x: starts[0], path })).rejects.toThrow(/have not been measured/)
    const few = await measured(toy, 4)
    await expect(generate({ solver: v3({}), legs, x: starts[0], path, statistics: few })).rejects.toThrow(
      /fall on one of the 4 measured places/,
    )
    const broken = { ...few, l: few.l.map((row, i) => (i === 2 ? Float64Array.of(Number.NaN, 0) : row)) }
    await expect(generate({ solver: v3({}), legs: evenLambda(path, 1), x: starts[0], path, statistics: broken })).rejects.toThrow(
      /not finite/,
    )
    await expect(
      generate({ solver: v3({}), legs: evenLambda(discrete, 4), x: starts[0], path: discrete, statistics: few }),
    ).rejects.toThrow(/DPM-Solver-v3 cannot take/)
  })
})

describe('measuring a model', () => {
  it('makes the calls it says', async () => {
    const { denoise, calls } = mixtureDenoiser(toy)
    const one = { ...measurement(toy, 6, 5), denoise }
    await outcome(measureStatistics(one, signal))
    expect(calls()).toBe(callsToMeasure(one))
  })

  it('goes on where it stopped, to the same numbers', async () => {
    const whole = await outcome(measureStatistics(measurement(toy, 6, 5), signal))
    let half: Moments = { rows: [] }
    for await (const { step, state } of measureStatistics(measurement(toy, 6, 5), signal)) {
      half = state
      if (step === 3) break
    }
    expect(half.rows.length).toBe(3)
    expect(await outcome(measureStatistics(measurement(toy, 6, 5), signal, structuredClone(half)))).toEqual(whole)
  })

  it('stops between two calls', async () => {
    const controller = new AbortController()
    const { denoise } = mixtureDenoiser(toy)
    let calls = 0
    const counting: typeof denoise = (...given) => {
      if (++calls === 7) controller.abort()
      return denoise(...given)
    }
    const stopping = { ...measurement(toy, 6, 5), denoise: counting }
    await expect(outcome(measureStatistics(stopping, controller.signal))).rejects.toThrow()
    expect(calls).toBe(7)
  })
})
