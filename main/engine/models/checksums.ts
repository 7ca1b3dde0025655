import { createHash, type Hash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readlink, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import type { Checksum, Known } from './found.ts'
import type { ModelFileEntry } from './model-files.ts'

const SHA256 = /^[0-9a-f]{64}$/
const SHA1 = /^[0-9a-f]{40}$/

/** What a model's files must hash to: as its giver told, or as a cache names the blobs that its links lead to. */
export async function checksumsOf(model: Known, files: readonly ModelFileEntry[]): Promise<ReadonlyMap<string, Checksum>> {
  if (model.checksums) return model.checksums
  const found = new Map<string, Checksum>()
  if (model.source !== 'hugging-face') return found
  for (const { path } of files) {
    const blob = basename(await readlink(join(model.path, path)).catch(() => ''))
    if (SHA256.test(blob)) found.set(path, { kind: 'sha256', hex: blob })
    else if (SHA1.test(blob)) found.set(path, { kind: 'git', hex: blob })
  }
  return found
}

/**
 * @param hashes SHA-256 of files that were read. @param changed files that hold something else than when they were read first.
 * @throws FaultError `damaged` naming those that are gone, another than was told, or another than they were.
 */
export function expectAsMade(
  model: Known,
  checksums: ReadonlyMap<string, Checksum>,
  hashes: ReadonlyMap<string, string>,
  changed: readonly string[],
): void {
  const gone = [...checksums.keys()].filter((path) => !existsSync(join(model.path, path)))
  if (gone.length > 0) throw damaged(model, `These files are not there: ${gone.join(', ')}.`)
  const wrong = [...checksums].filter(([path, { kind, hex }]) => kind === 'sha256' && (hashes.get(path) ?? hex) !== hex)
  if (wrong.length > 0) throw damaged(model, `These files are not what they were made as: ${wrong.map(([path]) => path).join(', ')}.`)
  if (changed.length > 0)
    throw damaged(
      model,
      `These files have changed since they were read first, in secret: ${changed.join(', ')}.`,
      'Fetch those files again. If you changed them yourself, take the model off the list and add it again.',
    )
}

export const damaged = (model: Known, why: string, todo = 'Fetch those files again.') =>
  fault('damaged', `The model "${model.title}" is damaged.`, why, model.source === 'built-in' ? 'Install the studio again.' : todo)

/** What the bytes of a file of that length are put into, to compare with its checksum. */
export const digestFor = (kind: Checksum['kind'], bytes: number): Hash =>
  kind === 'git' ? createHash('sha1').update(`blob ${bytes}\0`) : createHash('sha256')

/** A file's name as git makes it. */
export async function gitHash(path: string, signal: AbortSignal): Promise<string> {
  const digest = digestFor('git', (await stat(path)).size)
  for await (const part of createReadStream(path, { signal })) digest.update(part as Buffer)
  return digest.digest('hex')
}
