import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'

const Port = z.object({ name: z.string().min(1), type: z.string(), shape: z.array(z.union([z.int(), z.string()])) })

/** A model as the manifest lists it. */
export const ModelEntry = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** What it can do, e.g. `posterior-mean`; methods ask for models by role. */
  role: z.string().min(1),
  title: z.string().min(1),
  /** Its file, in the manifest's folder or below. */
  file: z.string().regex(/^(?!.*\.\.)[\w.-][\w./-]*$/, 'a file in the folder of the manifest'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
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
