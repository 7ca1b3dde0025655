import { posix } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { PARTS, TEXTS } from '../models/model-files.ts'
import { PART } from './download-file.ts'
import type { RemoteFile, Repository } from './repository.ts'

/** What a pipeline in ONNX needs of a repository. */
export interface Needed {
  /** The folder within the repository that the model lies in; empty for the repository itself. */
  readonly root: string
  /** Paths in the model's folder, and the files of the repository they are. */
  readonly files: ReadonlyMap<string, RemoteFile>
}

/** Graphs and texts that are read, and weights as exporters name them. */
const TEXT = /^[\w.-]+\.(json|txt)$/
const GRAPH = /^model\.onnx$/
const WEIGHTS = /^(model\.onnx[_.].+|weights\.pb|.+\.onnx_data.*)$/

/** @throws FaultError `unsupported` where the repository holds no such model. */
export function neededOf(repository: Pick<Repository, 'name' | 'files'>): Needed {
  const paths = new Map(repository.files.map((file) => [file.path, file]))
  const root = ['', 'onnx/'].find((candidate) => paths.has(`${candidate}unet/model.onnx`))
  if (root === undefined)
    throw fault(
      'unsupported',
      `"${repository.name}" cannot be used.`,
      whyNot(paths),
      'Choose another repository, or its revision "onnx" if it has one.',
    )
  const files = new Map<string, RemoteFile>()
  for (const [path, file] of paths) {
    if (!path.startsWith(root)) continue
    const within = path.slice(root.length)
    if (isNeeded(within)) files.set(within, file)
  }
  return { root, files }
}

/** Why a repository cannot be used, as far as the names of its files tell; null where it can. */
export function problemOf(paths: Iterable<string>): string | null {
  const all = new Map([...paths].map((path) => [path, path]))
  return all.has('unet/model.onnx') || all.has('onnx/unet/model.onnx') ? null : whyNot(all)
}

function whyNot(paths: ReadonlyMap<string, unknown>): string {
  const names = [...paths.keys()]
  if (names.some((name) => name.startsWith('transformer/'))) return 'Its network is a transformer, which is another architecture.'
  if (names.some((name) => /(^|\/)unet\/.*\.(safetensors|bin)$/.test(name))) return 'It holds Stable Diffusion, but not as an ONNX export.'
  return 'It holds no Stable Diffusion model in ONNX.'
}

function isNeeded(path: string): boolean {
  // Names of files that are being fetched end so.
  if (path.endsWith(PART)) return false
  const [folder, name, ...deeper] = path.split('/') as [string, string | undefined, ...string[]]
  if (deeper.length > 0) return false
  if (name === undefined) return path === 'model_index.json' || path === 'README.md'
  if ((TEXTS as readonly string[]).includes(folder)) return TEXT.test(name)
  return (PARTS as readonly string[]).includes(folder) && (TEXT.test(name) || GRAPH.test(name) || WEIGHTS.test(name))
}

/**
 * Where a file goes, below a folder. Names come from elsewhere and may be anything.
 * @throws FaultError `refused` for a name that leads out of the folder.
 */
export function placeWithin(path: string): string {
  const isSafe = !/[\\\0:]/.test(path) && !posix.isAbsolute(path) && path.split('/').every((name) => !/^\.{0,2}$/.test(name))
  if (isSafe) return path
  throw fault(
    'refused',
    'That repository was not downloaded.',
    `It names a file "${path}", which would lie outside its folder.`,
    'Tell its owner; do not use it.',
  )
}
