import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { failedWriting } from '../hub/download-file.ts'

/** File that says who downloads. */
export const LOCK = '.downloading'
/** Folders that this process downloads into. */
const ours = new Set<string>()

/**
 * Nobody else downloads into this folder, no other studio on this machine either, until it is disposed of.
 * What a process left that is no more is taken over. @throws FaultError `busy`, `full`, `refused`.
 */
export async function lockDownload(folder: string): Promise<AsyncDisposable> {
  if (ours.has(folder)) throw busy()
  ours.add(folder)
  const path = join(folder, LOCK)
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' }).catch(async (thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'EEXIST') return failedWriting(path)(thrown)
      // It may have gone since.
      if (isAlive(Number(await readFile(path, 'utf8').catch(() => '')))) throw busy()
      await writeFile(path, String(process.pid))
    })
  } catch (thrown) {
    ours.delete(folder)
    throw thrown
  }
  return {
    async [Symbol.asyncDispose]() {
      ours.delete(folder)
      await rm(path, { force: true })
    },
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const busy = () =>
  fault('busy', 'That model is being downloaded.', 'It was asked for before, here or in another window.', 'Wait until it is there.')
