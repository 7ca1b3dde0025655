import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readManifest } from '../../main/engine/models/manifest.ts'

const FOLDER = join(import.meta.dirname, '../../native-models')
const MEGABYTE = 2 ** 20
const entries = await readManifest(FOLDER)
/** Every file of weights that is shipped. */
const files = entries.flatMap(({ file, bytes, files: all }) => all ?? [{ file, bytes }])

test('what is shipped is small enough for a repository', () => {
  expect(files.filter(({ bytes }) => bytes > 25 * MEGABYTE)).toEqual([])
  expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(120 * MEGABYTE)
})

test.each(entries)('$id has a card with its figures and a sheet to look at', ({ id, card }) => {
  expect(card).not.toBeNull()
  const path = join(FOLDER, card as string)
  const text = readFileSync(path, 'utf8')
  expect(text).not.toContain('{{')
  expect(text).not.toContain(`| ${id} | not trained`)
  const sheets = [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, sheet]) => sheet as string)
  expect(sheets.length).toBeGreaterThan(0)
  expect(sheets.filter((sheet) => !existsSync(join(path, '..', sheet)))).toEqual([])
})
