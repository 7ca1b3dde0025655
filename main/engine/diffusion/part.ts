import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import type { ModelFile } from '../sessions/sessions.ts'
import { type GraphHead, type GraphPort, readGraphHead } from './graph-head.ts'
import { readJson } from './json-file.ts'

/** What the configuration of a part may tell. */
export const PartConfig = z.object({
  block_out_channels: z.array(z.int().positive()).nullish(),
  force_upcast: z.boolean().nullish(),
  in_channels: z.int().positive().nullish(),
  latent_channels: z.int().positive().nullish(),
  latents_mean: z.array(z.number()).nullish(),
  latents_std: z.array(z.number()).nullish(),
  num_hidden_layers: z.int().positive().nullish(),
  sample_size: z.int().positive().nullish(),
  scaling_factor: z.number().positive().nullish(),
})
export type PartConfig = z.output<typeof PartConfig>

/** One network of a folder, read but not loaded. */
export interface Part extends GraphHead {
  /** Its folder's name, e.g. `unet`. */
  readonly name: string
  readonly file: ModelFile
  readonly config: PartConfig
}

/** Weights inside a graph are held twice while it is read; those beside it are mapped. */
const INSIDE = 2

/**
 * Reads one network of a model's folder: its graph's head, the files that the graph names, its configuration.
 * @returns undefined where the folder has no such part. @throws FaultError `missing`, `damaged`, `unsupported`.
 */
export async function readPart(folder: string, name: string): Promise<Part | undefined> {
  const path = join(folder, name, 'model.onnx')
  if (!existsSync(path)) return undefined
  const head = readGraphHead(path)
  const file = modelFileOf(path, head)
  const config = PartConfig.safeParse((await readJson(join(folder, name, 'config.json'))) ?? {})
  if (!config.success)
    throw fault('damaged', 'That model cannot be read.', `${name}/config.json: ${z.prettifyError(config.error)}`, 'Fetch the file again.')
  return { name, ...head, file, config: config.data }
}

/** A graph with the weights beside it, as it is leased. @throws FaultError `missing` where weights that it names are not there. */
export function modelFileOf(path: string, { externals }: Pick<GraphHead, 'externals'>): ModelFile {
  const graph = statSync(path)
  const weights = externals.map((external) => {
    const beside = statSync(join(dirname(path), external), { throwIfNoEntry: false })
    if (beside) return beside
    const name = basename(dirname(path))
    throw fault(
      'missing',
      'That model is not complete.',
      `Its ${name} keeps its weights in ${name}/${external}, which is not there.`,
      'Fetch that file into the folder.',
    )
  })
  return {
    path,
    stamp: [graph, ...weights].map(({ size, mtimeMs }) => `${size} ${mtimeMs}`).join(', '),
    memory: weights.reduce((sum, { size }) => sum + size, INSIDE * graph.size),
  }
}

/** An input or output by name. @throws FaultError `unsupported` where the part has none of the names. */
export function portOf(part: Part, side: 'inputs' | 'outputs', ...names: readonly string[]): GraphPort {
  const port = names.map((name) => part[side].find((one) => one.name === name)).find((one) => one !== undefined)
  if (port) return port
  const has = part[side].map(({ name }) => name).join(', ')
  const word = side === 'inputs' ? 'input' : 'output'
  throw fault(
    'unsupported',
    'That model is of another kind.',
    `Its ${part.name} has no ${word} ${names.join(' or ')}, but ${has}.`,
    'Choose another export of the model.',
  )
}

/** @throws FaultError `unsupported` naming an input that nothing here can fill, or whose numbers are of an unknown type. */
export function expectInputs(part: Part, ...known: readonly string[]): void {
  const stranger = part.inputs.find(({ name, type }) => !known.includes(name) || type === 'other')
  if (!stranger) return
  const why = known.includes(stranger.name)
    ? `The input ${stranger.name} of its ${part.name} wants numbers of a type that is not known here.`
    : `Its ${part.name} asks for ${stranger.name}, which nothing here can give.`
  throw fault('unsupported', 'That model is of another kind.', why, 'Choose another export of the model.')
}
