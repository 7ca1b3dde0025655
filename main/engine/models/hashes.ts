import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { writeWhole } from '../pictures/file.ts'
import type { ModelFileEntry } from './model-files.ts'

const Known = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))

/** SHA-256 of files, each read once and again only when its size or time of change differ. */
export class Hashes {
  readonly #file: string | null
  #known: Map<string, string> | undefined

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
    const known = await this.#load()
    const hashes = new Map<string, string>()
    const total = createHash('sha256')
    let [done, isNew] = [0, false]
    for (const entry of files) {
      const key = await keyOf(folder, entry)
      let hash = fresh ? undefined : known.get(key)
      if (hash === undefined) {
        const before = done
        hash = await hashFile(join(folder, entry.path), signal, (bytes) => read(before + bytes))
        known.set(key, hash)
        isNew = true
      }
      done += entry.bytes
      read(done)
      hashes.set(entry.path, hash)
      total.update(`${entry.path}\n${entry.bytes}\n${hash}\n`)
    }
    if (isNew) await this.#keep(known)
    return { sha256: total.digest('hex'), files: hashes }
  }

  /** The same where every file is known already, without reading any; otherwise null. */
  async known(folder: string, files: readonly ModelFileEntry[]): Promise<string | null> {
    const known = await this.#load()
    for (const entry of files) if (!known.has(await keyOf(folder, entry))) return null
    return (await this.ofModel(folder, files, new AbortController().signal)).sha256
  }

  async #load(): Promise<Map<string, string>> {
    if (this.#known) return this.#known
    const text = this.#file === null ? null : await readFile(this.#file, 'utf8').catch(() => null)
    this.#known = new Map(Object.entries(text === null ? {} : parsed(text)))
    return this.#known
  }

  async #keep(known: ReadonlyMap<string, string>): Promise<void> {
    if (this.#file === null) return
    // Losing them costs reading again and nothing else.
    await mkdir(dirname(this.#file), { recursive: true }).catch(() => undefined)
    await writeWhole(this.#file, new TextEncoder().encode(JSON.stringify(Object.fromEntries(known)))).catch(() => undefined)
  }
}

function parsed(text: string): Record<string, string> {
  try {
    return Known.parse(JSON.parse(text))
  } catch {
    return {}
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
