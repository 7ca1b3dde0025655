import { join } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { failedWriting } from '../hub/download-file.ts'
import { tryLock } from './file-lock.ts'

/** File that says who downloads. */
export const LOCK = '.downloading'

/**
 * Nobody else downloads into this folder, no other studio on this machine either, until it is disposed of.
 * What a process left that is no more is taken over. @throws FaultError `busy`, `full`, `refused`.
 */
export async function lockDownload(folder: string): Promise<AsyncDisposable> {
  const path = join(folder, LOCK)
  const lock = await tryLock(path).catch(failedWriting(path))
  if (lock) return lock
  throw fault('busy', 'That model is being downloaded.', 'It was asked for before, here or in another window.', 'Wait until it is there.')
}
