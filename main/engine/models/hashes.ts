import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { writeWhole } from '../pictures/file.ts'
import type { ModelFileEntry } from './model-files.ts'

const Sha256s = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
/** Files that are remembered at most. */
const MOST = 20_000
const Kept = z.object({
  /** By path, size and time of change. */
  files: Sha256s,
  /** What each model was when it was read last, by its id. */
  models: Sha256s,
})
type Kept = z.infer<typeof Kept>

/** SHA-256 of files, each read once and again only when its size or time of change differ. */
export class Hashes {
  readonly #file: string | null
  #kept: Promise<Kept> | undefined

  /** @param file where they are kept between runs; null: in memory alone. */
  constructor(file: string | null) {
    this.#file = file
  }

  /**
   * What a model is: a hash over the paths, sizes and hashes of its files.
   * @param read is told the bytes read so far. @param fresh reads every byte whatever is known. @throws FaultError `missing`.
   */
  async ofModel(
    folder: string,
    files: readonly ModelFileEntry[],
    signal: AbortSignal,
    { read = () => undefined, fresh = false }: { readonly read?: (bytes: number) => void; readonly fresh?: boolean } = {},
  ): Promise<{ readonly sha256: string; readonly files: ReadonlyMap<string, string> }> {
    const { files: known } = await this.#load()
    const hashes = new Map<string, string>()
    const total = createHash('sha256')
    let [done, isNew] = [0, false]
    for (const entry of files) {
      const key = await keyOf(folder, entry)
      let hash = fresh ? undefined : known[key]
      if (hash === undefined) {
        const before = done
        hash = await hashFile(join(folder, entry.path), signal, (bytes) => read(before + bytes))
        known[key] = hash
        isNew = true
      }
      done += entry.bytes
      if (isNew) read(done)
      hashes.set(entry.path, hash)
      total.update(`${entry.path}\n${entry.bytes}\n${hash}\n`)
    }
    if (isNew) await this.#keep()
    return { sha256: total.digest('hex'), files: hashes }
  }

  /** Hashes of the files that were read already, by their paths; nothing is read. */
  async known(folder: string, files: readonly ModelFileEntry[]): Promise<ReadonlyMap<string, string>> {
    const { files: known } = await this.#load()
    const found = new Map<string, string>()
    for (const entry of files) {
      const hash = known[await keyOf(folder, entry)]
      if (hash !== undefined) found.set(entry.path, hash)
    }
    return found
  }

  /** Takes hashes over from whoever has just computed them, by their paths. */
  async learn(folder: string, files: readonly ModelFileEntry[], hashes: ReadonlyMap<string, string>): Promise<void> {
    const { files: known } = await this.#load()
    for (const entry of files) {
      const hash = hashes.get(entry.path)
      if (hash !== undefined) known[await keyOf(folder, entry)] = hash
    }
    await this.#keep()
  }

  /** What a model was when it was read last; null where it never was. */
  async lastOf(id: string): Promise<string | null> {
    return (await this.#load()).models[id] ?? null
  }

  async remember(id: string, sha256: string): Promise<void> {
    const kept = await this.#load()
    if (kept.models[id] === sha256) return
    kept.models[id] = sha256
    await this.#keep()
  }

  async #load(): Promise<Kept> {
    const text = this.#file === null ? Promise.resolve(null) : readFile(this.#file, 'utf8').catch(() => null)
    return await (this.#kept ??= text.then((found) => parsed(found)))
  }

  async #keep(): Promise<void> {
    if (this.#file === null) return
    const kept = await this.#load()
    // The oldest go: of files that were replaced or are gone there is no end.
    for (const key of Object.keys(kept.files).slice(0, -MOST)) delete kept.files[key]
    // Losing them costs reading again and nothing else.
    await mkdir(dirname(this.#file), { recursive: true }).catch(() => undefined)
    await writeWhole(this.#file, new TextEncoder().encode(JSON.stringify(kept))).catch(() => undefined)
  }
}

function parsed(text: string | null): Kept {
  try {
    return Kept.parse(JSON.parse(text ?? ''))
  } catch {
    return { files: {}, models: {} }
  }
}

async function keyOf(folder: string, { path, bytes, changed }: ModelFileEntry): Promise<string> {
  const real = await realpath(join(folder, path)).catch(() => join(folder, path))
  return `${real} ${bytes} ${changed}`
}

/** @param read is told the bytes read so far. @throws FaultError `missing` */
export async function hashFile(path: string, signal: AbortSignal, read: (bytes: number) => void = () => undefined): Promise<string> {
  const digest = createHash('sha256')
  let bytes = 0
  try {
    for await (const part of createReadStream(path, { highWaterMark: 2 ** 20, signal })) {
      digest.update(part as Buffer)
      bytes += (part as Buffer).length
      read(bytes)
    }
  } catch (thrown) {
    signal.throwIfAborted()
    throw fault('missing', 'That model cannot be read.', `${path}: ${(thrown as Error).message}`, 'Look at the file, or fetch it again.', {
      cause: thrown,
    })
  }
  return digest.digest('hex')
}
