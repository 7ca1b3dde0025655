import { closeSync, openSync, readSync } from 'node:fs'
import { fileFault } from './file-fault.ts'
import { APPLICATION_ID } from './migrations/index.ts'

/** `foreign` is a SQLite database of another program; `other` may be a picture. */
export type FileContent = 'project' | 'foreign' | 'empty' | 'other'

const MAGIC = 'SQLite format 3\0'
const APPLICATION_ID_AT = 68

/**
 * What a file holds, by its first bytes, whatever its name. Never call it on a project this process has open:
 * closing the descriptor would drop SQLite's locks.
 * @throws FaultError `missing` or `refused`
 */
export function recognise(path: string): FileContent {
  const head = Buffer.alloc(100)
  let length = 0
  try {
    const file = openSync(path, 'r')
    try {
      length = readSync(file, head)
    } finally {
      closeSync(file)
    }
  } catch (thrown) {
    throw fileFault(path, thrown)
  }
  if (length === 0) return 'empty'
  if (head.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'other'
  return head.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID ? 'project' : 'foreign'
}
