import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { fault, toFault } from '../../../preload/contract/fault.ts'
import { type ModelEntry, readManifest } from './manifest.ts'

/** The models of a folder, none of which is used unless its file is the very one that the manifest names. */
export class Models {
  readonly #folder: string
  /** Path, size and time of change → the hash found then. */
  readonly #hashes = new Map<string, string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * What the manifest lists, each with its problem if it has one; whole folders are another matter. A manifest that cannot
   * be read lists nothing.
   */
  async cards(): Promise<ModelCard[]> {
    return await Promise.all(
      (await this.#single()).map(async (entry) => {
        const { id, role, title, bytes, licence } = entry
        const problem = await this.#verify(entry, false).then(
          () => null,
          (thrown: unknown) => toFault(thrown).why,
        )
        const { side = null, multiple } = entry
        return { id, role, title, bytes, licence, problem, source: 'built-in' as const, path: null, side, multiple, notes: [], usual: {} }
      }),
    )
  }

  /** Reads every byte of a model whatever is known. @returns its title; null where none is called so. @throws FaultError `missing`, `damaged`. */
  async verify(id: string): Promise<string | null> {
    const entry = (await this.#single()).find((one) => one.id === id)
    if (!entry) return null
    await this.#verify(entry, true)
    return entry.title
  }

  async #single(): Promise<readonly ModelEntry[]> {
    const entries = await readManifest(this.#folder).catch(() => [])
    return entries.filter(({ folder }) => folder === undefined)
  }

  /** The model that plays a role. @throws FaultError `missing`, `damaged`. */
  async forRole(role: string): Promise<ModelEntry> {
    const entry = (await readManifest(this.#folder)).find((candidate) => candidate.role === role)
    if (!entry)
      throw fault('missing', 'A model is missing.', `No model for "${role}" is listed in ${this.#folder}.`, 'Install the studio again.')
    return entry
  }

  /** A model's bytes, as they were hashed: nothing can change between the check and the use. @throws FaultError `missing`, `damaged`. */
  async load(entry: ModelEntry): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await readFile(this.#path(entry)).catch((thrown: unknown) => {
      throw missing(entry, this.#path(entry), thrown)
    })
    if (createHash('sha256').update(bytes).digest('hex') !== entry.sha256) throw damaged(entry, this.#path(entry))
    return bytes
  }

  /** Hashes a file once, and again when it has changed, or when it shall be `fresh`. */
  async #verify(entry: ModelEntry, fresh: boolean): Promise<void> {
    const path = this.#path(entry)
    const { size, mtimeMs } = await stat(path).catch((thrown: unknown) => {
      throw missing(entry, path, thrown)
    })
    const key = `${path} ${size} ${mtimeMs}`
    let hash = fresh ? undefined : this.#hashes.get(key)
    if (hash === undefined) {
      const digest = createHash('sha256')
      await pipeline(createReadStream(path), digest)
      hash = digest.digest('hex')
      this.#hashes.set(key, hash)
    }
    if (hash !== entry.sha256) throw damaged(entry, path)
  }

  #path(entry: ModelEntry): string {
    return join(this.#folder, entry.file)
  }
}

const missing = (entry: ModelEntry, path: string, cause: unknown) =>
  fault(
    'missing',
    `The model "${entry.title}" is missing.`,
    `${path} is not there or may not be read.`,
    'Put the file back or install the studio again.',
    {
      cause,
    },
  )
const damaged = (entry: ModelEntry, path: string) =>
  fault(
    'damaged',
    `The model "${entry.title}" cannot be trusted.`,
    `${path} is not the file the studio was made with: its SHA-256 differs.`,
    'Put the original file back or install the studio again.',
  )
