import { z } from 'zod'

/** Values of knobs by name: how a model wants to be asked. */
export type Usual = Readonly<Record<string, z.infer<ReturnType<typeof z.json>>>>

/** What a model's index may say of that, and whom it was made from. */
export const UsualSettings = {
  usual_settings: z.record(z.string().max(100), z.json()).catch({}).default({}),
  _name_or_path: z.string().catch('').default(''),
}
const Scheduler = z
  .object({ _class_name: z.string().catch(''), timestep_spacing: z.string().nullish().catch(null) })
  .catch({ _class_name: '' })

/** Models that were taught their guidance, and to be done in a few steps. */
const FEW = { guidance: 1, steps: 4 }
const TURBO = /(^|[\\/_-])(sd|sdxl)-turbo[\\/]?$/i

/**
 * How a model wants to be asked, by what its files say: in so many words, or by a scheduler that only models of one kind have. Where
 * nothing is certain, nothing is said.
 */
export function usualOf(index: { readonly usual_settings: Usual; readonly _name_or_path: string }, scheduler: unknown): Usual {
  const { _class_name, timestep_spacing } = Scheduler.parse(scheduler)
  // Each answer is a whole picture: what is known from the answers before adds nothing to it.
  if (_class_name === 'LCMScheduler') return { ...FEW, schedule: 'uniform', solver: 'ddim', ...index.usual_settings }
  if (_class_name.startsWith('Euler') && timestep_spacing === 'trailing' && TURBO.test(index._name_or_path))
    return { ...FEW, schedule: 'euler-discrete', solver: 'euler', ...index.usual_settings }
  return index.usual_settings
}
