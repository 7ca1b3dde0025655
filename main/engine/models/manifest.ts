import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'

const File = z.string().regex(/^(?!.*\.\.)[\w.-][\w./-]*$/, 'a file in the folder of the manifest')
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Port = z.object({ name: z.string().min(1), type: z.string(), shape: z.array(z.union([z.int(), z.string()])) })

/** A model as the manifest lists it. */
export const ModelEntry = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** What it can do, e.g. `posterior-mean`; methods ask for models by role. */
  role: z.string().min(1),
  title: z.string().min(1),
  /** Its file, in the manifest's folder or below. */
  file: File,
  sha256: Sha256,
  bytes: z.int().positive(),
  licence: z.string(),
  inputs: z.array(Port),
  outputs: z.array(Port),
  /** Sides of its pictures must be multiples of this, in pixels. */
  multiple: z.int().positive(),
  /** How far a pixel's value reaches, in pixels. */
  overlap: z.int().nonnegative(),
  /** Standard deviation of the noise it was trained to start from, in 0..1. */
  sigmaSource: z.number().positive().nullable().default(null),
  /** SHA-256 of the model whose results it was trained on. */
  trainedOn: z.string().nullable().default(null),
  card: z.string().nullable().default(null),
  /** A model of many files, laid out as Stable Diffusion is: its folder, and all that lies in it. `file` is then its U-Net. */
  folder: File.optional(),
  files: z.array(z.object({ file: File, sha256: Sha256, bytes: z.int().nonnegative() })).optional(),
  /** Side of the pictures it was trained on, in pixels. */
  side: z.int().positive().optional(),
  /** What a denoiser tells, as schedulers name it, e.g. `epsilon`. */
  prediction: z.string().optional(),
  /** The ladder of noise it was trained on: how many levels, their spacing, its ends. */
  levels: z.int().positive().optional(),
  schedule: z.string().optional(),
  betaStart: z.number().positive().optional(),
  betaEnd: z.number().positive().optional(),
  /** Values of its pictures; 0 to 1 where nothing is said. */
  range: z.tuple([z.number(), z.number()]).optional(),
  /** A proximal denoiser: the noise it was trained for, its strong convexity, and the weights that must not fall below 0. */
  sigma: z.number().positive().optional(),
  alpha: z.number().positive().optional(),
  clamped: z.array(z.string()).optional(),
  /** How many times as large its pictures come out. */
  scale: z.int().positive().optional(),
  /** Power of the pictures it was trained on, c1 / (c2 + |f|)^m: of a network on the shortest path. */
  spectrum: z.object({ c1: z.number().positive(), c2: z.number().positive(), m: z.number().positive() }).optional(),
  /** A denoiser that enlarges nothing: bounds on the gains of its layers before they were divided by them. */
  gains: z.array(z.number().positive()).optional(),
})
export type ModelEntry = z.infer<typeof ModelEntry>

const Manifest = z.object({ models: z.array(ModelEntry) })

/** Reads `manifest.json` of a folder of models. @throws FaultError `missing`, `damaged`. */
export async function readManifest(folder: string): Promise<readonly ModelEntry[]> {
  const path = join(folder, 'manifest.json')
  const todo = 'Install the studio again.'
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw fault('missing', 'The list of models cannot be read.', `${path} is not there or may not be read.`, todo, { cause: thrown })
  })
  try {
    return Manifest.parse(JSON.parse(text)).models
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : 'It is not JSON.'
    throw fault('damaged', 'The list of models cannot be read.', why, todo, { cause: thrown })
  }
}
