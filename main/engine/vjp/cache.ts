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

/** Gradient models in a folder, each made once for a model, a choice and a direction. */
export class GradientCache {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * The file of a gradient model, made now if it is not there. Weights that the model keeps in other files are linked beside it
   * (copied only where the disk cannot link), so it is loaded by its path. Known by the hash of the model's bytes, and by size
   * and time of the other files.
   * @throws FaultError `missing` for a file that is not there, and as `vjpModel`.
   */
  async file(model: string, direction: keyof typeof makers, choice: Choice, signal: AbortSignal): Promise<string> {
    const bytes = await readFile(model).catch((cause: unknown) => {
      throw missing(model, cause)
    })
    signal.throwIfAborted()
    const files = externalFiles(bytes)
    const marks = await Promise.all(files.map(async (name) => this.#mark(join(dirname(model), name))))
    const key = createHash('sha256')
      .update(JSON.stringify([VERSION, direction, choice.outputs ?? null, choice.wrt, marks]))
      .update(bytes)
      .digest('hex')
    const place = join(this.#folder, key)
    const made = join(place, basename(model))
    if (await isThere(made)) return made
    const draft = `${place}.${randomUUID()}`
    try {
      const gradient = makers[direction](bytes, choice)
      signal.throwIfAborted()
      await mkdir(draft, { recursive: true })
      for (const name of files) await attach(join(dirname(model), name), join(draft, name))
      await writeSafely(join(draft, basename(model)), gradient)
      // Another process may have been quicker; its result is the same.
      await rename(draft, place).catch(async (thrown: unknown) => {
        if (!(await isThere(made))) throw thrown
      })
      return made
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }

  async #mark(path: string): Promise<string> {
    const { size, mtimeMs } = await stat(path).catch((cause: unknown) => {
      throw missing(path, cause)
    })
    return `${basename(path)} ${size} ${mtimeMs}`
  }
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

const isThere = async (path: string): Promise<boolean> =>
  await stat(path).then(
    ({ size }) => size > 0,
    () => false,
  )

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
