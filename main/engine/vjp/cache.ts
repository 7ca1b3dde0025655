import { createHash, randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, normalize } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { readModel } from './file/read.ts'
import { externalFileOf } from './file/tensor-data.ts'
import type { Choice } from './reverse.ts'
import { jvpModel, vjpModel } from './vjp.ts'

/** Raised whenever the same model would be made into another one. */
const VERSION = 1

const makers = { vjp: vjpModel, jvp: jvpModel }

/** A model by its path; with its bytes where they were read, and verified, already. */
export type Source = string | { readonly path: string; readonly bytes: Uint8Array }

/** Gradient models in a folder, each made once for a model, a choice and a direction. */
export class GradientCache {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * A gradient model, made now if it is not there or was damaged: its bytes, and the path they lie at. Weights that the model
   * keeps in other files are linked beside it (copied only where the disk cannot link); then it must be loaded by its path.
   * Known by the hash of the model's bytes, and by size and time of the other files.
   * @throws FaultError `missing` for a file that is not there, and as `vjpModel`.
   */
  async get(
    source: Source,
    direction: keyof typeof makers,
    choice: Choice,
    signal: AbortSignal,
  ): Promise<{ path: string; bytes: Uint8Array }> {
    const { path: model, bytes } = typeof source === 'string' ? { path: source, bytes: await read(source) } : source
    signal.throwIfAborted()
    const files = externalFiles(bytes)
    const marks = await Promise.all(files.map(async (name) => mark(join(dirname(model), name))))
    const choices = JSON.stringify([VERSION, direction, choice.outputs ?? null, choice.wrt, marks])
    const place = join(this.#folder, hash(new TextEncoder().encode(choices), bytes))
    const path = join(place, basename(model))
    const made = await sound(path)
    if (made) return { path, bytes: made }
    signal.throwIfAborted()
    const gradient = makers[direction](bytes, choice)
    const draft = `${place}.${randomUUID()}`
    try {
      await mkdir(draft, { recursive: true })
      for (const name of files) await attach(join(dirname(model), name), join(draft, name))
      await writeSafely(join(draft, basename(model)), gradient)
      await writeSafely(join(draft, `${basename(model)}.sha256`), new TextEncoder().encode(hash(gradient)))
      signal.throwIfAborted()
      await rename(draft, place).catch(async () => {
        // Another process may have been quicker; its result is the same. What is there else was damaged.
        if (await sound(path)) return
        await rm(place, { recursive: true, force: true })
        await rename(draft, place)
      })
      return { path, bytes: gradient }
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }
}

const hash = (...parts: readonly Uint8Array[]): string =>
  parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest('hex')

const read = async (path: string): Promise<Uint8Array> =>
  await readFile(path).catch((cause: unknown) => {
    throw missing(path, cause)
  })

/** A file's bytes if they are those that were written. */
async function sound(path: string): Promise<Uint8Array | undefined> {
  const [bytes, written] = await Promise.all([readFile(path), readFile(`${path}.sha256`, 'utf8')]).catch(() => [])
  return bytes && hash(bytes) === written ? bytes : undefined
}

async function mark(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path).catch((cause: unknown) => {
    throw missing(path, cause)
  })
  return `${basename(path)} ${size} ${mtimeMs}`
}

/** Names of the other files that a model's weights lie in. @throws FaultError `damaged` where one leads out of its folder. */
export function externalFiles(bytes: Uint8Array): string[] {
  const { graph } = readModel(bytes)
  const names = new Set(graph.constants.map(externalFileOf).filter((name) => name !== undefined))
  for (const name of names)
    if (isAbsolute(name) || normalize(name).startsWith('..'))
      throw fault('damaged', 'That model cannot be used.', `It wants weights from outside its folder: "${name}".`, 'Fetch the model again.')
  return [...names]
}

async function attach(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await link(from, to).catch(async () => await copyFile(from, to))
}

/** On the disk before it gets its name. */
async function writeSafely(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'w')
  await file.writeFile(bytes)
  await file.sync()
}

const missing = (path: string, cause: unknown) =>
  fault(
    'missing',
    'A file of the model is missing.',
    `${path} is not there or may not be read.`,
    'Put the file back or fetch the model again.',
    {
      cause,
    },
  )
