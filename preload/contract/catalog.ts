import { z } from 'zod'
import { ExportFormat } from './command.ts'
import { ProjectId } from './ids.ts'

/** The engine's health, for the chip in the top bar. */
export const EngineState = z.object({
  status: z.enum(['starting', 'ready', 'working', 'restarting', 'stopped']),
  /** Execution provider in use, e.g. `cpu`, `webgpu`, `cuda`; null before the first model ran. */
  provider: z.string().nullable(),
  /** Why this provider and not a faster one, in a sentence. */
  why: z.string(),
  /** Bytes held by loaded models, and the most they may hold. */
  memory: z.object({ used: z.int(), budget: z.int() }),
})
export type EngineState = z.infer<typeof EngineState>

/** A method as its declaration tells it. `params` is JSON Schema (draft 2020-12); panels, flags and pages are drawn from it. */
export const MethodCard = z.object({
  id: z.string(),
  role: z.string(),
  title: z.string(),
  summary: z.string(),
  paper: z.object({ title: z.string(), year: z.int(), link: z.string() }),
  params: z.record(z.string(), z.json()),
})
export type MethodCard = z.infer<typeof MethodCard>

export const ModelCard = z.object({
  id: z.string(),
  role: z.string(),
  title: z.string(),
  bytes: z.int(),
  licence: z.string(),
  /** Is it there and sound? Otherwise the reason, as a sentence. */
  problem: z.string().nullable(),
  /** Who put it there. */
  source: z.enum(['built-in', 'folder', 'hugging-face', 'comfyui', 'downloaded']).default('built-in'),
  /** The folder it lies in; null for those that came with the studio. */
  path: z.string().nullable().default(null),
  /** Side of the pictures it was trained on, and what sides must be multiples of, in pixels; null where pictures of any size will do. */
  side: z.int().positive().nullable().default(null),
  multiple: z.int().positive().default(1),
  /** What an artist should know before using it, a sentence each. */
  notes: z.array(z.string()).default([]),
  /** How it wants to be asked: values of knobs by name, in place of the methods' own defaults, e.g. `guidance` 1 of a distilled model. */
  usual: z.record(z.string().max(100), z.json()).default({}),
})
export type ModelCard = z.infer<typeof ModelCard>

/** A project opened before, newest first. */
export const Recent = z.object({ id: ProjectId, title: z.string(), path: z.string().nullable(), at: z.int() })
export type Recent = z.infer<typeof Recent>

/** A picture that can be tried in one click. */
export const Sample = z.object({ id: z.string(), title: z.string(), summary: z.string() })
export type Sample = z.infer<typeof Sample>

/** What this studio can do on this machine. */
export const Catalog = z.object({
  version: z.string(),
  methods: z.array(MethodCard),
  models: z.array(ModelCard),
  formats: z.array(ExportFormat),
  recents: z.array(Recent),
  samples: z.array(Sample),
  engine: EngineState,
  /** Can this host show native file dialogs and write to paths? */
  host: z.enum(['electron', 'web', 'cli']),
})
export type Catalog = z.infer<typeof Catalog>
