import { createHash } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { writeWhole } from '../pictures/file.ts'

/** The folder of what was found for a model, which it is known by wherever it lies. */
export const folderOf = (keep: string, sha256: string): string => join(keep, 'tuned', sha256)

/** What a file holds; `null` where there is none, `'damaged'` where it holds something else. */
export async function readKept<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | null | 'damaged'> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return 'damaged'
  }
}

/** Writes a file whole or not at all. @throws FaultError `full`, `refused`. */
export async function writeKept(folder: string, name: string, value: unknown): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeWhole(join(folder, name), Buffer.from(JSON.stringify(value)))
}

export const forget = (folder: string, name: string): Promise<void> => rm(join(folder, name), { force: true })

/** A short name for settings: the same settings, the same name. */
export const nameOfSettings = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
