import { pickLevel, timeShift, varianceOf } from '../../../main/algorithms/diffusion/solvers/time-shift.ts'
import { CLEAN } from '../../../main/math/gaussian-path.ts'
import { listedLegs, nodeOfLevel, tableOfPath } from '../../../main/math/timesteps.ts'
import { mixtureDenoiser, predictMixture } from '../../kit/mixture.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, modelOn, pathOf, statesOf, undrawn } from './diffusion-world.ts'

/** Levels read off a state's variance, and DDIM that follows them. */
export const timeShiftAdapter: FileAdapter = {
  name: 'time-shift',
  async check(file) {
    const path = pathOf(file.settings.schedule)
    const table = tableOfPath(path)
    const { abs, official_float32 } = file.tolerance
    const notes: string[] = []
    for (const [i, { t, x, eps_empty }] of file.eps_check.entries())
      notes.push(...differences(predictMixture(file.mixture, flat(x), nodeOfLevel(table, t)).eps, eps_empty, () => abs, `eps ${i}`))
    for (const [i, { centre, window, x, expected }] of file.pick.entries()) {
      const actual = { variance_unbiased: varianceOf(flat(x)), chosen: pickLevel(flat(x), centre, window, table.abar) }
      notes.push(...differences(actual, expected, (key) => (key === 'chosen' ? 0 : abs), `pick ${i}`))
    }
    assume(file.tolerance, { indices: 'exact' })
    for (const { steps_argument, timesteps } of file.cases) {
      // Every r-th level from 1 on, the last of them left out.
      const r = Math.floor(table.abar.length / steps_argument)
      const ladder = Array.from({ length: Math.ceil((table.abar.length - 1) / r) - 1 }, (_, k) => 1 + k * r).reverse()
      notes.push(...differences(ladder, timesteps, () => 0, `timesteps of ${steps_argument}`))
    }
    for (const [i, one] of file.cases.entries())
      for (const [key, expected] of Object.entries<Inputs>(one.expected)) {
        // Released code of mode `target` lands on the cleanest level, the others on no noise; the file says so where it does.
        const clean = expected.final_abar === 1
        const landing = clean ? { ...CLEAN, label: 0 } : nodeOfLevel(table, 0)
        const legs = listedLegs(table, one.timesteps, landing)
        const mode = key.replace('shift_', '')
        const solver = timeShift.make(timeShift.params.parse({ mode, window: one.window, cutoff: one.cutoff }), {})
        const { denoise } = mixtureDenoiser(file.mixture)
        const states = await statesOf({ solver, legs, model: modelOn(path), denoise, x: flat(one.x_T), draw: undrawn })
        const { x, report } = states[states.length - 1]
        const actual = {
          x_0: x,
          x_0_official_float32_tables: x,
          asked_t: report?.asked,
          targets: report?.targets,
          final_abar: landing.alpha ** 2,
        }
        const tolerance = (name: string) => (name === 'x_0' || name === 'final_abar' ? abs : name.startsWith('x_0_') ? official_float32 : 0)
        notes.push(...differences(actual, expected, tolerance, '').map((note) => `case ${i}, ${key}, ${note}`))
      }
    return notes
  },
}
