import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fault } from '../../../preload/contract/fault.ts'
import { fileFault } from '../../store/file-fault.ts'

/** Files left by a studio that was killed are cleared away after this long, in milliseconds. */
const STALE = 24 * 60 * 60 * 1000

/** Files a host has received, until they are opened or the studio ends. */
export class Uploads {
  readonly #folder: string
  readonly #held = new Map<string, string>()

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'uploads')
    mkdirSync(this.#folder, { recursive: true })
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name)
      if (Date.now() - statSync(path).mtimeMs > STALE) rmSync(path, { force: true })
    }
  }

  /** @returns its name and where it lies. @throws FaultError `refused` above `limit` bytes, `full` */
  async take(source: AsyncIterable<Uint8Array>, limit: number): Promise<{ readonly upload: string; readonly path: string }> {
    const upload = randomUUID()
    const path = join(this.#folder, upload)
    let bytes = 0
    const limited = async function* () {
      for await (const chunk of source) {
        bytes += chunk.byteLength
        if (bytes > limit)
          throw fault(
            'refused',
            'The file is too large.',
            `At most ${Math.floor(limit / 1e6)} MB are taken in.`,
            'Choose a smaller file, or open it from the disk.',
          )
        yield chunk
      }
    }
    try {
      await pipeline(Readable.from(limited()), createWriteStream(path, { flags: 'wx' }))
    } catch (thrown) {
      rmSync(path, { force: true })
      throw fileFault(path, thrown)
    }
    this.#held.set(upload, path)
    return { upload, path }
  }

  /** @throws FaultError `missing` */
  pathOf(upload: string): string {
    const path = this.#held.get(upload)
    if (!path) throw fault('missing', 'The file is not here any more.', 'It was opened already, or never arrived.', 'Send it again.')
    return path
  }

  /** Deletes it, where it still lies here. */
  drop(upload: string): void {
    const path = this.#held.get(upload)
    this.#held.delete(upload)
    if (path) rmSync(path, { force: true })
  }

  dropAll(): void {
    for (const upload of [...this.#held.keys()]) this.drop(upload)
  }
}
