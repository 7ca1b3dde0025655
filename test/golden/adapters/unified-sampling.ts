import { callsOf, expectRecipe, recipeSchema } from '../../../main/algorithms/diffusion/solvers/unified-recipe.ts'
import { unifiedSampling } from '../../../main/algorithms/diffusion/solvers/unified-sampling.ts'
import type { FileAdapter } from '../adapter.ts'
import { differences } from '../compare.ts'
import { relativeDifferences } from '../relative.ts'
import { continuousPath, runEach, statisticsOf } from './dpm-solver-v3.ts'

/** Recipes run by the engine. */
export const unifiedSamplingAdapter: FileAdapter = {
  name: 'unified-sampling',
  async check(file) {
    const path = continuousPath(file.settings)
    const model = { path, statistics: statisticsOf(file.ems, file.settings.N, path) }
    const notes: string[] = []
    for (const { name, schedule, nfe, ...expected } of file.expected.cases) {
      const recipe = recipeSchema.parse(schedule)
      const solver = unifiedSampling.make({ recipe }, {})
      const legs = solver.fit?.([], model) ?? []
      const states = await runEach(file, model, solver, legs)
      notes.push(...differences(solver.calls(legs), nfe, () => 0, `${name}, nfe`))
      for (const [key, value] of Object.entries(expected)) {
        const after = /^x_after_step_(\d+)$/.exec(key)
        const actual = after ? states[Number(after[1]) - 1] : key === 'x_final' ? states[states.length - 1] : undefined
        notes.push(...relativeDifferences(actual, value, file.tolerance.float64, `${name}, ${key}`))
      }
    }
    return notes
  },
}

/** Published recipes: each is read without loss, stands up to the checks and takes the calls it says. */
export const unifiedSamplingPresets: FileAdapter = {
  name: 'unified-sampling-sd-presets',
  async check(file) {
    const notes: string[] = []
    for (const { nfe, fid_reported, ...schedule } of file.schedules) {
      const recipe = recipeSchema.parse(schedule)
      expectRecipe(recipe)
      notes.push(...differences(callsOf(recipe), nfe, () => 0, `recipe of ${nfe}, nfe`))
      const { steps, ...whole } = schedule
      notes.push(...differences(recipe, whole, () => 0, `recipe of ${nfe}`))
      if (recipe.steps.length !== steps.length) notes.push(`recipe of ${nfe}: ${recipe.steps.length} steps instead of ${steps.length}`)
      for (const [i, step] of steps.entries()) notes.push(...differences(recipe.steps[i], step, () => 0, `recipe of ${nfe}, step ${i}`))
      const reported = file.fid_of_paper_sd[nfe]
      if (!(Math.abs(reported - fid_reported) < 0.01))
        notes.push(`recipe of ${nfe}: its figure is given as ${reported} and ${fid_reported}`)
    }
    return notes
  },
}
