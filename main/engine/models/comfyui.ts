import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { type Found, isFolder, looksLikeModel } from './found.ts'

/** The list that its users write, and the one that its desktop application writes. */
const LISTS = ['extra_model_paths.yaml', 'extra_models_config.yaml']
const CHECKPOINT = /\.(safetensors|ckpt)$/i
/** Sections of the list: a base path, and per kind of model a folder or several, one a line. */
const Lists = z.record(z.string(), z.record(z.string(), z.unknown()).nullable()).nullable()

/** Is this a folder of ComfyUI, or one with its list of further folders? */
export const isComfyUi = (folder: string): boolean =>
  LISTS.some((list) => existsSync(join(folder, list))) ||
  ['diffusers', 'checkpoints'].some((kind) => isFolder(join(folder, 'models', kind)))

/**
 * The models of a ComfyUI folder and of the folders its list names.
 * @throws FaultError `damaged` where the list cannot be read.
 */
export async function searchComfyUi(root: string, signal: AbortSignal): Promise<Found[]> {
  const extra = await listedFolders(root)
  const found: Found[] = []
  for (const folder of new Set([join(root, 'models', 'diffusers'), ...extra.diffusers])) {
    signal.throwIfAborted()
    for (const name of await namesIn(folder)) {
      const path = join(folder, name)
      if (looksLikeModel(path)) found.push({ path, anchor: path, source: 'comfyui', title: name })
    }
  }
  for (const folder of new Set([join(root, 'models', 'checkpoints'), ...extra.checkpoints])) {
    signal.throwIfAborted()
    for (const name of await namesIn(folder))
      if (CHECKPOINT.test(name)) {
        const path = join(folder, name)
        found.push({ path, anchor: path, source: 'comfyui', title: basename(name, extname(name)) })
      }
  }
  return found
}

/** Why a checkpoint cannot be used, and what can be done. */
export const CHECKPOINT_WORDS = [
  'It is one file of weights, not an ONNX export.',
  'Export it to a folder with an ONNX exporter, and add that folder.',
] as const

/** A checkpoint is one file, whose network the studio does not know how to build. */
export const isCheckpoint = (path: string): boolean => CHECKPOINT.test(path)

/** @throws FaultError `unsupported` */
export function refuseCheckpoint({ title, path }: Pick<Found, 'title' | 'path'>): void {
  if (isCheckpoint(path)) throw fault('unsupported', `The model "${title}" cannot be used.`, ...CHECKPOINT_WORDS)
}

async function listedFolders(root: string): Promise<{ diffusers: string[]; checkpoints: string[] }> {
  const folders = { diffusers: [] as string[], checkpoints: [] as string[] }
  for (const list of LISTS) {
    const path = join(root, list)
    const text = await readFile(path, 'utf8').catch(() => null)
    for (const section of Object.values((text === null ? null : listsIn(text, path)) ?? {})) {
      if (!section) continue
      const base = resolve(root, spelled(typeof section.base_path === 'string' ? section.base_path : '.'))
      for (const kind of ['diffusers', 'checkpoints'] as const) {
        const value = section[kind]
        if (typeof value !== 'string') continue
        const lines = value.split('\n').map((line) => line.trim())
        folders[kind].push(...lines.filter((line) => line !== '').map((line) => resolve(base, spelled(line))))
      }
    }
  }
  return folders
}

function listsIn(text: string, path: string): z.output<typeof Lists> {
  try {
    // Nothing in it may refer to itself: a list of folders has no need to.
    return Lists.parse(parse(text, { maxAliasCount: 0 }))
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : (thrown as Error).message.split('\n')[0]
    throw fault('damaged', 'The list of further model folders cannot be read.', `${path}: ${why}`, 'Correct the file.', { cause: thrown })
  }
}

/** A path with the home folder and variables of the environment spelled out, as ComfyUI does it. */
function spelled(path: string): string {
  const full = path.replace(/\$(\w+)|\$\{(\w+)\}|%(\w+)%/g, (whole, ...names: (string | undefined)[]) => {
    const name = names.slice(0, 3).find((one) => one !== undefined)
    return (name && process.env[name]) || whole
  })
  return full === '~' || /^~[\\/]/.test(full) ? join(homedir(), full.slice(1)) : full
}
const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort()
