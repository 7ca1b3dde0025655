import { logSnr } from '../../../main/algorithms/diffusion/schedules/log-snr.ts'
import { quadratic } from '../../../main/algorithms/diffusion/schedules/quadratic.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { dpmSolverV3 } from '../../../main/algorithms/diffusion/solvers/dpm-solver-v3.ts'
import type { Model, Sampled, Schedule, Solver } from '../../../main/algorithms/roles.ts'
import { rowAt } from '../../../main/math/empirical-step.ts'
import { type Leg, lambdaOf, nodeAt, type Path } from '../../../main/math/gaussian-path.ts'
import type { ModelStatistics } from '../../../main/math/model-statistics.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { relativeDifferences } from '../relative.ts'
import { pathOf, statesOf, undrawn } from './diffusion-world.ts'

/** The path of the settings, cut to their T..t0 and without its table: these samplers live in continuous time. */
export function continuousPath({ schedule, T, t0 }: Inputs): Path {
  return { ...pathOf(schedule), tNoise: T, tData: t0, table: null }
}

/** Statistics given as rows, over the whole path. */
export function statisticsOf({ l, s, b }: Inputs, count: number, path: Path): ModelStatistics {
  const rows = (list: number[][]) => list.map((row) => Float64Array.from(row))
  const lambda = (t: number) => lambdaOf(nodeAt(path, t))
  return { count, lambdaNoise: lambda(path.tNoise), lambdaData: lambda(path.tData), l: rows(l), s: rows(s), b: rows(b) }
}

function scheduleOf(skip: string): Schedule {
  if (skip === 'logSNR') return logSnr.make(logSnr.params.parse({}), {})
  if (skip === 'time_uniform') return uniform.make(uniform.params.parse({}), {})
  if (skip === 'time_quadratic') return quadratic.make(quadratic.params.parse({}), {})
  throw new Error(`There is no grid ${skip}.`)
}

/** Statistics are one value an entry of one latent: each point runs by itself. @returns the states of all, step by step. */
export async function runEach(file: Inputs, model: Model, solver: Solver<Sampled>, legs: readonly Leg[]): Promise<Float64Array[][]> {
  const { denoise } = mixtureDenoiser(file.mixture)
  const each = await Promise.all(
    file.x_T.map((x: number[]) => statesOf({ solver, legs, model, denoise, x: Float64Array.from(x), draw: undrawn })),
  )
  return legs.map((_, step) => each.map((states) => states[step].x))
}

/** DPM-Solver-v3 with given statistics. */
export const dpmSolverV3Adapter: FileAdapter = {
  name: 'dpm-solver-v3',
  async check(file) {
    const path = continuousPath(file.settings)
    const statistics = statisticsOf(file.ems, file.settings.N, path)
    const tolerance = file.tolerance.float64
    const notes: string[] = []
    for (const [i, one] of file.expected.cases.entries()) {
      const { order, predictorPseudo, correctorPseudo, lowerOrderFinal } = one
      const corrector = one.useCorrector ? (one.halfCorrector ? 'highNoise' : 'all') : 'off'
      const params = dpmSolverV3.params.parse({ order, predictorPseudo, corrector, correctorPseudo, lowerOrderFinal })
      const solver = dpmSolverV3.make(params, {})
      const model = { path, statistics }
      const planned = scheduleOf(one.skip).legs(path, one.steps)
      const legs = solver.fit?.(planned, model) ?? planned
      const nodes = [legs[0].from, ...legs.map((leg) => leg.to)]
      const states = await runEach(file, model, solver, planned)
      for (const [key, value] of Object.entries(one)) {
        const name = `case ${i}, ${key}`
        const after = /^x_after_step_(\d+)$/.exec(key)
        if (key === 'emsIndexes')
          notes.push(
            ...differences(
              nodes.map((node) => Math.round(rowAt(statistics, node))),
              value,
              () => 0,
              name,
            ),
          )
        else if (key === 'times')
          notes.push(
            ...relativeDifferences(
              nodes.map((node) => node.t),
              value,
              tolerance,
              name,
            ),
          )
        else if (key === 'x_final') notes.push(...relativeDifferences(states[states.length - 1], value, tolerance, name))
        else if (after) notes.push(...relativeDifferences(states[Number(after[1]) - 1], value, tolerance, name))
      }
    }
    notes.push(...(await degenerate(file, path, statistics)))
    return notes
  },
}

/** Statistics of 1, 0 and 0 are DPM-Solver++: at first order DDIM, up to the trapezoids. */
async function degenerate(file: Inputs, path: Path, statistics: ModelStatistics): Promise<string[]> {
  const { steps, note: _, ...expected } = file.expected.degenerate
  const all = (value: number) => statistics.l.map((row) => row.map(() => value))
  const model = { path, statistics: { ...statistics, l: all(1), s: all(0), b: all(0) } }
  const solver = dpmSolverV3.make(dpmSolverV3.params.parse({ order: 1, corrector: 'off' }), {})
  const planned = scheduleOf('logSNR').legs(path, steps)
  const legs = solver.fit?.(planned, model) ?? planned
  const v3 = await runEach(file, model, solver, planned)
  const plain = await runEach(file, model, ddim.make({ eta: 0 }, {}), legs)
  const [x, y] = [v3[steps - 1], plain[steps - 1]]
  const gap = Math.max(...x.flatMap((row, k) => [...row.map((value, i) => Math.abs(value - y[k][i]))]))
  const actual = { x_final_v3: x, x_final_ddim_same_times: y, max_abs_gap: gap }
  // The gap is a difference of states: it is as exact as they are, not as it is small.
  return relativeDifferences(actual, expected, file.tolerance.float64, 'degenerate', 1)
}
