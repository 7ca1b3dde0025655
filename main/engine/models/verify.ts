import { join } from 'node:path'
import { readModelFolder } from '../diffusion/folder.ts'
import { checksumsOf, damaged, expectAsMade, gitHash } from './checksums.ts'
import { refuseCheckpoint } from './comfyui.ts'
import type { Known } from './found.ts'
import type { Hashes } from './hashes.ts'
import { modelFiles, reading } from './model-files.ts'
import type { Tell } from './telling.ts'

/** What reading a whole model found. */
export interface Verified {
  readonly bytes: number
  readonly files: number
  /** How many of them are known to be as their giver made them. */
  readonly compared: number
}

/**
 * Reads every byte of a model and compares it with what its giver said of it, or with what it was when it was read first. A model that
 * was found to be another in secret is told so each time, until it is taken off the list.
 * @throws FaultError `missing`, `damaged`, `unsupported`.
 */
export async function verifyModel(model: Known, hashes: Hashes, tell: Tell, signal: AbortSignal): Promise<Verified> {
  refuseCheckpoint(model)
  const files = await modelFiles(model.path)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const { sha256, files: found } = await hashes.ofModel(model.path, files, signal, {
    read: reading(model.title, files, tell),
    fresh: true,
  })
  const checksums = await checksumsOf(model, files)
  expectAsMade(model, checksums, found, await hashes.changed(model.path, files))
  for (const [path, { kind, hex }] of checksums)
    if (kind === 'git' && (await gitHash(join(model.path, path), signal)) !== hex)
      throw damaged(model, `This file is not what it was made as: ${path}.`)
  await readModelFolder(model.path)
  await hashes.remember(model.id, sha256)
  return { bytes, files: files.length, compared: files.filter(({ path }) => checksums.has(path)).length }
}
