import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readGraphHead } from '../diffusion/graph-head.ts'
import type { Tell } from './telling.ts'

/** A file of a model. */
export interface ModelFileEntry {
  /** Within the model's folder, with `/` between names. */
  readonly path: string
  readonly bytes: number
  /** Time of its last change, in milliseconds. */
  readonly changed: number
}

/** Folders that a pipeline is made of; anything else in a model's folder is not read. */
export const PARTS = ['text_encoder', 'text_encoder_2', 'unet', 'vae_decoder', 'vae_encoder'] as const
export const TEXTS = ['scheduler', 'tokenizer', 'tokenizer_2'] as const
/** Texts that are read, by their endings. */
const READ = /\.(json|txt)$/
const isRead = (name: string) => READ.test(name)

/**
 * The files of a Stable Diffusion folder that a picture depends on: graphs, the weights they name, configurations, vocabularies.
 * Sorted by path. Parts that are missing or unreadable are left out; whether the model is whole is another question.
 */
export async function modelFiles(folder: string): Promise<ModelFileEntry[]> {
  const paths = ['model_index.json']
  for (const text of TEXTS) paths.push(...(await namesIn(join(folder, text))).filter(isRead).map((name) => `${text}/${name}`))
  for (const part of PARTS) {
    const names = await namesIn(join(folder, part))
    const graphs = names.filter((name) => name.endsWith('.onnx'))
    const beside = (await Promise.all(graphs.map((name) => externalsOf(join(folder, part, name))))).flat()
    for (const name of new Set([...names.filter(isRead), ...graphs, ...beside])) paths.push(`${part}/${name}`)
  }
  const entries = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(join(folder, path)).catch(() => null)
      return found?.isFile() ? { path, bytes: found.size, changed: found.mtimeMs } : null
    }),
  )
  return entries.filter((entry) => entry !== null).sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Changes when any file of the model does. */
export const stampOf = (files: readonly ModelFileEntry[]): string =>
  files.map(({ path, bytes, changed }) => `${path} ${bytes} ${changed}`).join('\n')

/** Tells how many bytes of a model were read. */
export function reading(title: string, files: readonly ModelFileEntry[], tell: Tell): (bytes: number) => void {
  const of = files.reduce((sum, { bytes }) => sum + bytes, 0)
  return (done) => tell({ label: `Reading ${title}`, done, of, unit: 'bytes' })
}

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort()

/** What graphs name, by path, size and time of change: reading the head of a large one takes thousands of reads. */
const externals = new Map<string, readonly string[]>()

async function externalsOf(graph: string): Promise<readonly string[]> {
  const { size, mtimeMs } = await stat(graph).catch(() => ({ size: 0, mtimeMs: 0 }))
  const key = `${graph} ${size} ${mtimeMs}`
  const names = externals.get(key) ?? readExternals(graph)
  externals.set(key, names)
  return names
}

function readExternals(graph: string): readonly string[] {
  try {
    // A name that leads out of the part is no file of the model.
    return readGraphHead(graph).externals.filter((name) => !/(^|[\\/])\.\.([\\/]|$)|^([\\/]|[a-z]:)/i.test(name))
  } catch {
    return []
  }
}
