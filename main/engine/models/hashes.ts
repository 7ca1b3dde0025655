import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { changeKept, keptText, stampOfFile } from './kept-file.ts'
import type { ModelFileEntry } from './model-files.ts'

const Sha256s = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
/** Files that are remembered at most. */
const MOST = 20_000
const Kept = z.object({
  /** By path, size and time of change. */
  files: Sha256s,
  /** Of those, the ones that were found to hold something else later, though nothing shows it: what they hold now. */
  changed: Sha256s.default({}),
  /** What each model was when it was read last, by its id. */
  models: Sha256s,
})
type Kept = z.infer<typeof Kept>

/**
 * SHA-256 of files, each read once and again only when its size or time of change differ. Several processes may keep them in one file:
 * what one finds, the others know.
 */
export class Hashes {
  readonly #file: string | null
  #kept: { readonly stamp: string | null; readonly kept: Kept } | undefined

  /** @param file where they are kept between runs; null: in memory alone. */
  constructor(file: string | null) {
    this.#file = file
  }

  /**
   * What a model is: a hash over the paths, sizes and hashes of its files, as they are.
   * @param read is told the bytes read so far. @param fresh reads every byte whatever is known. @throws FaultError `missing`.
   */
  async ofModel(
    folder: string,
    files: readonly ModelFileEntry[],
    signal: AbortSignal,
    { read = () => undefined, fresh = false }: { readonly read?: (bytes: number) => void; readonly fresh?: boolean } = {},
  ): Promise<{ readonly sha256: string; readonly files: ReadonlyMap<string, string> }> {
    const known = fresh ? new Map<string, string>() : await this.known(folder, files)
    const hashes = new Map<string, string>()
    const news = new Map<string, string>()
    const total = createHash('sha256')
    let done = 0
    try {
      for (const entry of files) {
        const before = done
        const hash = known.get(entry.path) ?? (await hashFile(join(folder, entry.path), signal, (bytes) => read(before + bytes)))
        if (!known.has(entry.path)) news.set(await keyOf(folder, entry), hash)
        done += entry.bytes
        if (news.size > 0) read(done)
        hashes.set(entry.path, hash)
        total.update(`${entry.path}\n${entry.bytes}\n${hash}\n`)
      }
    } finally {
      await this.#note(news)
    }
    return { sha256: total.digest('hex'), files: hashes }
  }

  /** Hashes of the files that were read already, by their paths; nothing is read. */
  async known(folder: string, files: readonly ModelFileEntry[]): Promise<ReadonlyMap<string, string>> {
    const kept = await this.#load()
    const found = new Map<string, string>()
    for (const entry of files) {
      const key = await keyOf(folder, entry)
      const hash = kept.changed[key] ?? kept.files[key]
      if (hash !== undefined) found.set(entry.path, hash)
    }
    return found
  }

  /** Files that hold something else than when they were read first, though their size and time of change are the same. */
  async changed(folder: string, files: readonly ModelFileEntry[]): Promise<readonly string[]> {
    const kept = await this.#load()
    const keys = await Promise.all(files.map((entry) => keyOf(folder, entry)))
    return files.filter((_, i) => kept.changed[keys[i] as string] !== undefined).map(({ path }) => path)
  }

  /** Files that somebody has just vouched for: with hashes, by their paths, where they were computed for that. */
  async learn(folder: string, files: readonly ModelFileEntry[], hashes: ReadonlyMap<string, string>): Promise<void> {
    const news = await Promise.all(files.map(async (entry) => [await keyOf(folder, entry), hashes.get(entry.path)] as const))
    await this.#change((kept) => {
      for (const [key, given] of news) {
        const hash = given ?? kept.changed[key]
        delete kept.changed[key]
        if (hash !== undefined) kept.files[key] = hash
      }
    })
  }

  /** As if a model and its files had never been seen. */
  async forget(id: string, folder: string, files: readonly ModelFileEntry[]): Promise<void> {
    const keys = await Promise.all(files.map((entry) => keyOf(folder, entry)))
    await this.#change((kept) => {
      delete kept.models[id]
      for (const key of keys) {
        delete kept.files[key]
        delete kept.changed[key]
      }
    })
  }

  /** What a model was when it was read last; null where it never was. */
  async lastOf(id: string): Promise<string | null> {
    return (await this.#load()).models[id] ?? null
  }

  async remember(id: string, sha256: string): Promise<void> {
    if ((await this.lastOf(id)) === sha256) return
    await this.#change((kept) => {
      kept.models[id] = sha256
    })
  }

  /** Hashes of files that were just read, by their keys. One that differs from what was known is no news but a finding. */
  async #note(news: ReadonlyMap<string, string>): Promise<void> {
    if (news.size === 0) return
    await this.#change((kept) => {
      for (const [key, hash] of news) {
        delete kept.changed[key]
        if ((kept.files[key] ??= hash) !== hash) kept.changed[key] = hash
      }
    })
  }

  async #load(): Promise<Kept> {
    const stamp = this.#file === null ? null : await stampOfFile(this.#file)
    if (!this.#kept || (stamp !== null && stamp !== this.#kept.stamp))
      this.#kept = { stamp, kept: keptIn(this.#file === null ? null : await keptText(this.#file)) }
    return this.#kept.kept
  }

  async #change(change: (kept: Kept) => void): Promise<void> {
    change(await this.#load())
    if (this.#file === null) return
    const onDisk = (text: string | null) => {
      const kept = keptIn(text)
      change(kept)
      // The oldest go: of files that were replaced or are gone there is no end.
      for (const key of Object.keys(kept.files).slice(0, -MOST)) {
        delete kept.files[key]
        delete kept.changed[key]
      }
      return JSON.stringify(kept)
    }
    // Losing them costs reading again and nothing else.
    await changeKept(this.#file, onDisk, false).catch(() => undefined)
  }
}

function keptIn(text: string | null): Kept {
  try {
    return Kept.parse(JSON.parse(text ?? ''))
  } catch {
    return { files: {}, changed: {}, models: {} }
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
