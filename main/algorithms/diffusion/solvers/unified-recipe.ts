import { z } from 'zod'

const relax = z
  .object({ kind: z.enum(['none', 'linear', 'dpm2', 'bh1']), c: z.number() })
  .default({ kind: 'none', c: 0 })
  .describe('What the first derivative is multiplied by.')
const points = z
  .array(z.array(z.int().max(-1)))
  .describe('For each derivative, the places in history it is estimated from; -1 is the newest.')

const step = z.object({
  pred: z.enum(['noise', 'data', 'v3']).describe('What is held still over the step.'),
  order: z.int().min(1).max(4),
  points,
  relax,
  corrector: z.object({ order: z.int().min(2).max(5), points, relax }).optional(),
})

/** A sampler written down: for every step its time, what it holds still, how it estimates derivatives and whether it is mended. */
export const recipeSchema = z.object({
  timesteps: z.array(z.number().gt(0).max(1)).min(2).describe('Falling times on the model’s path; one more than steps.'),
  afs: z.enum(['none', 'zero_x0']).default('none').describe('zero_x0 takes the first answer to be the noise itself and saves a call.'),
  unetSkip: z.array(z.number()).nullable().default(null).describe('Factors of a U-Net’s skip connections, where its file has that input.'),
  steps: z.array(step).min(1),
})
export type Recipe = z.output<typeof recipeSchema>
export type RecipeStep = Recipe['steps'][number]
export type Update = Pick<RecipeStep, 'order' | 'points' | 'relax'>

/** Network calls of a recipe. */
export const callsOf = ({ steps, afs }: Recipe): number =>
  steps.length - Number(afs === 'zero_x0') + Number(steps[steps.length - 1].corrector !== undefined)

/** @throws RangeError naming the step where a recipe asks for what is not there. */
export function expectRecipe({ timesteps, steps }: Recipe): void {
  if (timesteps.length !== steps.length + 1)
    throw new RangeError(`${steps.length} steps need ${steps.length + 1} times, not ${timesteps.length}.`)
  for (const [i, t] of timesteps.entries())
    if (i > 0 && !(t < timesteps[i - 1])) throw new RangeError(`Time ${i} of the recipe, ${t}, does not fall below the one before.`)
  const expectUpdate = (name: string, { order, points }: Update, base: number, history: number) => {
    if (points.length !== order - 1)
      throw new RangeError(`${name} of order ${order} needs ${order - 1} lists of points, not ${points.length}.`)
    for (const [k, list] of points.entries()) {
      if (list.length < k + 1) throw new RangeError(`${name} estimates derivative ${k + 1} from ${list.length} points only.`)
      if (new Set(list).size !== list.length || list.includes(base)) throw new RangeError(`${name} uses a point twice.`)
      if (list.some((at) => -at > history)) throw new RangeError(`${name} reaches back before the start.`)
    }
  }
  for (const [i, one] of steps.entries()) {
    expectUpdate(`Step ${i}`, one, -1, i + 1)
    if (one.corrector) expectUpdate(`The corrector of step ${i}`, one.corrector, -2, i + 2)
  }
}

/** The places -2, …, -n for each of the derivatives of a step of order n, or with `corrector` -1, -3, …, -n. */
const all = (order: number, corrector: boolean): number[][] => {
  const list = Array.from({ length: order - 1 }, (_, i) => (corrector ? (i === 0 ? -1 : -i - 2) : -i - 2))
  return list.map(() => list)
}

/** DDIM, DPM-Solver 2M and DPM-Solver++ 2M as recipes. */
export function multistepRecipe(timesteps: readonly number[], pred: 'data' | 'noise', order: 1 | 2, lowerOrderFinal: boolean): Recipe {
  const count = timesteps.length - 1
  const steps = Array.from({ length: count }, (_, i): RecipeStep => {
    const taken = i === 0 || (lowerOrderFinal && i === count - 1) ? 1 : order
    return { pred, order: taken, points: all(taken, false), relax: { kind: taken === 2 ? 'dpm2' : 'none', c: 0 } }
  })
  return { timesteps: [...timesteps], afs: 'none', unetSkip: null, steps }
}

/** UniPC of order `most` as a recipe. */
export function unipcRecipe(timesteps: readonly number[], most: number): Recipe {
  const count = timesteps.length - 1
  const steps = Array.from({ length: count }, (_, i): RecipeStep => {
    const order = Math.min(most, i + 1, count - i)
    const predictor: RecipeStep = { pred: 'data', order, points: all(order, false), relax: { kind: order === 2 ? 'dpm2' : 'none', c: 0 } }
    if (i === count - 1) return predictor
    const relaxed = { kind: order === 1 ? 'dpm2' : 'none', c: 0 } as const
    return { ...predictor, corrector: { order: order + 1, points: all(order + 1, true), relax: relaxed } }
  })
  return { timesteps: [...timesteps], afs: 'none', unetSkip: null, steps }
}
