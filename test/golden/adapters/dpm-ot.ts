import { autoDiffusion } from '../../../main/algorithms/diffusion/schedules/auto-diffusion.ts'
import { dpmOt } from '../../../main/algorithms/diffusion/solvers/dpm-ot.ts'
import { atLevel, prepareBoard } from '../../../main/algorithms/diffusion/solvers/dpm-ot-board.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { noiseOf } from '../../../main/math/random.ts'
import { angleBetween, bestTwo, type Cells, descend, energyOf, solveHeights, still } from '../../../main/math/semi-discrete.ts'
import { nodeOfLevel, tableOfPath } from '../../../main/math/timesteps.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'
import { normalQuantile } from '../../kit/normal-quantile.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, modelOn, pathOf, rowsOf, signal, statesOf, undrawn } from './diffusion-world.ts'

const rows = (list: number[][]) => list.map((row) => Float64Array.from(row))
const centred = (list: ArrayLike<number>) => {
  const mean = Array.from(list).reduce((a, b) => a + b, 0) / list.length
  return Array.from(list, (value) => value - mean)
}
const scoresOf = (points: Float64Array[], targets: Float64Array[]) =>
  Float64Array.from(points.flatMap((x) => targets.map((y) => y.reduce((sum, value, i) => sum + value * x[i], 0))))

/** Each weight as so many pictures alike: the board counts them. */
function repeated(targets: Float64Array[], weights: readonly number[], grain: number): Float64Array[] {
  return targets.flatMap((target, i) => Array.from({ length: Math.round(weights[i] * grain) }, () => target))
}

async function closedForms({ one_d, two_targets }: Inputs): Promise<Inputs> {
  const y = Float64Array.from(one_d.y)
  const weights = Float64Array.from(one_d.w)
  const order = [...y.keys()].sort((a, b) => y[a] - y[b])
  let share = 0
  const boundaries = order.slice(0, -1).map((i) => normalQuantile((share += weights[i])))
  const count = 100_000
  const even = Float64Array.from({ length: count }, (_, j) => (j + 0.5) / count)
  const scores = new Float64Array(count * y.length)
  for (let j = 0; j < count; j++) for (let i = 0; i < y.length; i++) scores[j * y.length + i] = even[j] * y[i]
  const uniform = await outcome(solveHeights({ scores, weights }, 0.05, signal))
  const board = async (targets: Float64Array[], shares: readonly number[], seed: number) =>
    (await outcome(prepareBoard(repeated(targets, shares, 10_000), noiseOf(seed), signal))).heights
  const [h0, h1] = await board(rows(two_targets.y), two_targets.w, 7)
  return {
    one_d: {
      h_gaussian: centred(
        await board(
          Array.from(y, (value) => Float64Array.of(value)),
          one_d.w,
          3,
        ),
      ),
      boundaries_gaussian: boundaries,
      h_uniform01: centred(uniform.heights),
    },
    two_targets: { h0_minus_h1: h0 - h1 },
  }
}

async function fixedSamples(given: Inputs): Promise<Inputs> {
  const targets = rows(given.Y)
  const n = targets.length
  const cells: Cells = { scores: scoresOf(rows(given.X), targets), weights: new Float64Array(n).fill(1 / n) }
  const heights = Float64Array.from(given.h)
  const { energy, mass } = energyOf(cells, heights)
  const step = descend(
    heights,
    mass.map((share, i) => share - cells.weights[i]),
    still(n),
    0.1,
  )
  const two = given.X.map((_: unknown, j: number) => bestTwo(cells.scores, j * n, heights))
  const solved = await outcome(solveHeights(cells, 0.1, signal))
  return {
    assign: two.map(([best]: number[]) => best),
    mass,
    energy,
    optimal_energy: energyOf(cells, solved.heights).energy,
    adam_step_h: step.heights,
    top2: two,
    angles: two.map(([a, b]: number[]) => angleBetween(targets[a], targets[b])),
  }
}

/** Semi-discrete transport and the sampler that begins with it. */
export const dpmOtAdapter: FileAdapter = {
  name: 'dpm-ot',
  async check({ settings, mixture, closed_form, fixed_samples, sampler, tolerance }) {
    const path = pathOf(settings.schedule)
    const start = nodeOfLevel(tableOfPath(path), sampler.timesteps[0])
    const targets = atLevel(rows(sampler.gallery), rows(sampler.noise), start).map((target) => [...target])
    const solver = dpmOt.make(dpmOt.params.parse({ targets, heights: sampler.h, variety: 'exact' }), {})
    const found = [{ kind: 'levels' as const, at: sampler.timesteps }]
    const legs = autoDiffusion.make({ found }, {}).legs(path, sampler.timesteps.length)
    const { denoise } = mixtureDenoiser(mixture)
    const states = await statesOf({ solver, legs, model: modelOn(path), denoise, x: flat(sampler.x), draw: undrawn })
    const last = states[states.length - 1]
    const { y: _y, w: _w, ...oneD } = closed_form.one_d
    const { y: _z, w: _v, ...two } = closed_form.two_targets
    const { Y: _Y, X: _X, h: _h, ...fixed } = fixed_samples
    const width = sampler.x[0].length
    return [
      ...differences(await closedForms(closed_form), { one_d: oneD, two_targets: two }, (key) =>
        key.includes('boundaries') ? 1e-6 : tolerance.closed_form_vs_solver,
      ),
      ...differences(await fixedSamples(fixed_samples), fixed, (key) =>
        key === 'optimal_energy' ? tolerance.optimal_energy : tolerance.fixed_samples,
      ),
      ...differences(
        { index: last.report?.cells, x_final: rowsOf(last.x, width) },
        { index: sampler.index, x_final: sampler.x_final },
        (key) => (key === 'index' ? 0 : tolerance.sampler),
      ),
    ]
  },
}
