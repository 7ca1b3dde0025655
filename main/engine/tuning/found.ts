import { z } from 'zod'
import { recipeSchema } from '../../algorithms/diffusion/solvers/unified-recipe.ts'
import { Packed } from './packed.ts'

/** How far results end from long runs: of what was found, and of what it was compared with. */
const scores = z.object({
  /** On the cases of the search. */
  found: z.number(),
  usual: z.number(),
  /** On the held-out ones; null where none were held out. */
  foundHeldOut: z.number().nullable(),
  usualHeldOut: z.number().nullable(),
})
export type Scores = z.output<typeof scores>

/** What was found holds for this guidance, and was looked for with these words. */
const looked = { version: z.literal(1), guidance: z.number(), prompts: z.string(), negative: z.string(), scores }

export const FoundSteps = z.object({
  what: z.literal('steps'),
  ...looked,
  solver: z.string(),
  /** Rising levels of the model's table. */
  levels: z.array(z.int().min(0)).min(1),
  /** For each level the numbers of the blocks that are left out there. */
  skip: z.array(z.array(z.int().min(0))),
})
export type FoundSteps = z.output<typeof FoundSteps>

export const FoundRecipe = z.object({
  what: z.literal('solver'),
  ...looked,
  /** Network calls without guidance. */
  calls: z.int().min(1),
  recipe: recipeSchema,
})
export type FoundRecipe = z.output<typeof FoundRecipe>

export const FoundStatistics = z.object({
  what: z.literal('statistics'),
  ...looked,
  count: z.int().min(1),
  lambdaNoise: z.number(),
  lambdaData: z.number(),
  /** A row each, packed. */
  l: z.array(Packed),
  s: z.array(Packed),
  b: z.array(Packed),
})
export type FoundStatistics = z.output<typeof FoundStatistics>

export const FoundBoard = z.object({
  what: z.literal('transport'),
  version: z.literal(1),
  /** Level of the table where the steps begin. */
  level: z.int().min(1),
  shape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
  /** Latents at that level, packed as 32-bit floats. */
  targets: z.array(Packed).min(2),
  heights: z.array(z.number()),
  shareError: z.number(),
})
export type FoundBoard = z.output<typeof FoundBoard>

export const Found = z.discriminatedUnion('what', [FoundSteps, FoundRecipe, FoundStatistics, FoundBoard])
export type Found = z.output<typeof Found>

/** The file that holds it: there is one of each kind for every number of steps, one of statistics for every guidance. */
export function fileOf(found: Found): string {
  switch (found.what) {
    case 'steps':
      return `steps-${found.levels.length}.json`
    case 'solver':
      return `solver-${found.calls}.json`
    case 'statistics':
      return `statistics-${found.guidance}.json`
    case 'transport':
      return `transport-${found.shape[1]}x${found.shape[2]}.json`
    default:
      return found satisfies never
  }
}
