import { multistep } from '../../../main/algorithms/diffusion/schedules/multistep.ts'
import { dpmSolverPp } from '../../../main/algorithms/diffusion/solvers/dpm-solver-pp.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'
import type { FileAdapter } from '../adapter.ts'
import { differences } from '../compare.ts'
import { relativeDifferences } from '../relative.ts'
import { flat, listedDraw, modelOn, pathOf, statesOf } from './diffusion-world.ts'

/** The exponential sampler with a dial of noise, kappa. */
export const gaussianPathSde: FileAdapter = {
  name: 'gaussian-path-sde',
  async check(file) {
    const path = pathOf(file.settings.betas)
    const schedule = multistep.make(multistep.params.parse({}), {})
    const notes: string[] = []
    for (const [i, { steps, kappa, order, timesteps, noise, ...expected }] of file.expected.cases.entries()) {
      const legs = schedule.legs(path, steps)
      // The reference steps down only where it lands on no noise.
      const solver = dpmSolverPp.make(dpmSolverPp.params.parse({ order, kappa, lowerOrderFinal: false }), {})
      const { denoise } = mixtureDenoiser(file.mixture)
      const states = await statesOf({ solver, legs, model: modelOn(path), denoise, x: flat(file.x_T), draw: listedDraw(noise) })
      const sigmas = [...legs.map(({ from }) => from.sigma / from.alpha), 0]
      const actual = { sigmas, x_final: states[states.length - 1].x }
      notes.push(
        ...differences(
          legs.map((leg) => leg.from.label),
          timesteps,
          () => 0,
          `case ${i}, timesteps`,
        ),
      )
      notes.push(...relativeDifferences(actual, expected, file.tolerance.float64, `case ${i}`, 1))
    }
    return notes
  },
}
