import { karras } from '../../../main/algorithms/diffusion/schedules/karras.ts'
import { multistep } from '../../../main/algorithms/diffusion/schedules/multistep.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { dpmSolverPp } from '../../../main/algorithms/diffusion/solvers/dpm-solver-pp.ts'
import { unipc } from '../../../main/algorithms/diffusion/solvers/unipc.ts'
import type { Sampled, Solver } from '../../../main/algorithms/roles.ts'
import type { Leg, Path } from '../../../main/math/gaussian-path.ts'
import { multistepTimesteps, tableOfPath } from '../../../main/math/timesteps.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { relativeDifferences } from '../relative.ts'
import { flat, listedDraw, modelOn, pathOf, statesOf, undrawn } from './diffusion-world.ts'

/** What a case chooses by, and what it records. */
const KNOWN =
  /^(solver|steps|spacing|offset|order|type|eta|prediction|lowerOrderFinal|disableCorrector|set_alpha_to_one|finalSigmas|karras|noise|note|timesteps|sigmas|x_final|x_after_step_\d+)$/

function legsOf(path: Path, one: Inputs): readonly Leg[] {
  const { spacing, offset, steps } = one
  if (one.solver === 'ddim') {
    const landing = one.set_alpha_to_one ? 'clean' : 'first'
    return uniform.make(uniform.params.parse({ spacing, offset, landing }), {}).legs(path, steps)
  }
  if (one.karras) return karras.make(karras.params.parse({ landing: one.finalSigmas }), {}).legs(path, steps)
  return multistep.make(multistep.params.parse({ spacing, offset, landing: one.finalSigmas }), {}).legs(path, steps)
}

function solverOf(one: Inputs): Solver<Sampled> {
  const { order, type, eta, prediction, lowerOrderFinal, disableCorrector } = one
  if (one.solver === 'ddim') return ddim.make(ddim.params.parse({ eta }), {})
  const pp = { order, form: type, prediction, lowerOrderFinal }
  if (one.solver === 'dpmsolver++') return dpmSolverPp.make(dpmSolverPp.params.parse(pp), {})
  if (one.solver === 'dpmsolver') return dpmSolverPp.make(dpmSolverPp.params.parse({ ...pp, prediction: 'noise' }), {})
  if (one.solver === 'sde-dpmsolver++') return dpmSolverPp.make(dpmSolverPp.params.parse({ ...pp, kappa: 1 }), {})
  if (one.solver === 'unipc')
    return unipc.make(unipc.params.parse({ order, variant: type, prediction, lowerOrderFinal, disableCorrector }), {})
  throw new Error(`There is no solver ${one.solver}.`)
}

/** DDIM, DPM++ and UniPC on the usual timesteps, with a mixture for a network. */
export const baselineSolvers: FileAdapter = {
  name: 'baseline-solvers',
  async check(file) {
    const path = pathOf(file.settings.betas)
    const table = tableOfPath(path)
    const tolerance = file.tolerance.float64
    const notes: string[] = []
    for (const [key, value] of Object.entries(file.settings)) {
      const level = /^abar_(\d+)$/.exec(key)
      if (level) notes.push(...relativeDifferences(table.abar[Number(level[1])], value, tolerance, key))
    }
    for (const [key, list] of Object.entries(file.timestepsForMultistepSolvers ?? {})) {
      const [, spacing, steps, offset] = /^(\w+?)_(\d+)_offset(\d+)$/.exec(key) ?? []
      const found = multistepTimesteps(table.abar.length, Number(steps), spacing as 'leading', Number(offset))
      notes.push(...differences(found, list, () => 0, key))
    }
    for (const [i, given] of file.expected.cases.entries()) {
      const one = { ...file.settings.defaults, ...given } as Inputs
      for (const key of Object.keys(one)) if (!KNOWN.test(key)) notes.push(`case ${i}: nothing answers to ${key}`)
      const legs = legsOf(path, one)
      const { denoise } = mixtureDenoiser(file.mixture)
      const draw = one.noise ? listedDraw(one.noise) : undrawn
      const states = await statesOf({ solver: solverOf(one), legs, model: modelOn(path), denoise, x: flat(file.x_T), draw })
      const ratios = [...legs.map(({ from }) => from.sigma / from.alpha), legs[legs.length - 1].to.sigma / legs[legs.length - 1].to.alpha]
      for (const [key, value] of Object.entries(given)) {
        const name = `case ${i} (${one.solver}), ${key}`
        const after = /^x_after_step_(\d+)$/.exec(key)
        if (key === 'timesteps')
          notes.push(
            ...differences(
              legs.map((leg) => leg.from.label),
              value,
              () => 0,
              name,
            ),
          )
        else if (key === 'sigmas') notes.push(...relativeDifferences(ratios, value, tolerance, name))
        else if (key === 'x_final') notes.push(...relativeDifferences(states[states.length - 1].x, value, tolerance, name))
        else if (after) notes.push(...relativeDifferences(states[Number(after[1]) - 1].x, value, tolerance, name))
      }
    }
    return notes
  },
}
