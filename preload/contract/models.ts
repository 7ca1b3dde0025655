import { z } from 'zod'
import { ModelCard } from './catalog.ts'

const model = z.string().max(200)
const path = z.string().min(1).max(4096)

/** What can be done with the models of this machine. The ids are those of the catalogue. */
export const ModelRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('list') }),
  /** Adds a folder: a model, or a folder of models (ComfyUI's, with its extra_model_paths.yaml, or any). Nothing is copied. */
  z.object({ do: z.literal('add'), path }),
  /** Reads every byte and compares what can be compared. */
  z.object({ do: z.literal('verify'), model }),
  /** A model that was moved: its settings and what was found for it go along. */
  z.object({ do: z.literal('relocate'), model, path }),
  /** Takes it off the list; `files` also deletes what the studio downloaded itself, and nothing else. */
  z.object({ do: z.literal('remove'), model, files: z.boolean().default(false) }),
  /** Looks for models on a hub that speaks Hugging Face's interface. */
  z.object({ do: z.literal('search'), text: z.string().max(200), hub: z.url().optional() }),
  /** Fetches a repository, going on where an earlier try ended. */
  z.object({
    do: z.literal('download'),
    repository: z.string().max(200),
    revision: z.string().max(200).default('main'),
    hub: z.url().optional(),
  }),
  /** Finds what suits this model: steps, blocks to leave out, a solver, statistics, a map of noise. Goes on where an earlier try ended. */
  z.object({
    do: z.literal('tune'),
    model,
    what: z.enum(['steps', 'solver', 'statistics', 'transport']),
    params: z.record(z.string().max(100), z.json()).default({}),
  }),
])
export type ModelRequest = z.infer<typeof ModelRequest>

/** How far a request is; `done` of `of` in the unit the label tells, e.g. bytes or candidates. */
export const ModelProgress = z.object({
  label: z.string(),
  done: z.number().nonnegative(),
  of: z.number().nonnegative().nullable(),
  unit: z.enum(['bytes', 'steps']),
})
export type ModelProgress = z.infer<typeof ModelProgress>

/** A repository on a hub. */
export const HubModel = z.object({
  repository: z.string(),
  /** In the words of the hub, e.g. `creativeml-openrail-m`; null where it tells none. */
  licence: z.string().nullable(),
  bytes: z.number().nonnegative().nullable(),
  downloads: z.int().nonnegative().nullable(),
  /** Why the studio cannot use it, in a sentence; null where it can as far as can be told from outside. */
  problem: z.string().nullable(),
})
export type HubModel = z.infer<typeof HubModel>

export const ModelResult = z.object({
  /** All models of this machine, as they are now. */
  models: z.array(ModelCard),
  found: z.array(HubModel),
  /** What the artist should know, in full sentences. */
  notes: z.array(z.string()),
})
export type ModelResult = z.infer<typeof ModelResult>
