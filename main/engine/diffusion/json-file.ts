import { readFile } from 'node:fs/promises'
import { fault } from '../../../preload/contract/fault.ts'

/** The JSON in a file. @returns undefined where there is no such file. @throws FaultError `damaged`. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return undefined
    throw fault('damaged', 'That model cannot be read.', `${path}: ${thrown.message}`, 'Look at the rights of the file.', { cause: thrown })
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (thrown) {
    throw fault('damaged', 'That model cannot be read.', `${path} is not JSON.`, 'Fetch the file again.', { cause: thrown })
  }
}
