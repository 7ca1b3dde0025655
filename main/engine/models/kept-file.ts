import { mkdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { writeWhole } from '../pictures/file.ts'
import { waitForLock } from './file-lock.ts'

/** Milliseconds that a change waits for others, each of which takes a few. */
const PATIENCE = 15_000

/** The text of a file; null where there is none. */
export const keptText = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null)

/** Changes whenever the file does; null where there is none. */
export const stampOfFile = async (path: string): Promise<string | null> => {
  const found = await stat(path, { bigint: true }).catch(() => null)
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`
}

/**
 * Changes a small file that several processes keep: one after another, each beginning with what the one before left. It is written
 * whole or not at all. @param lasts whether it must outlive a loss of power.
 * @throws FaultError `busy`, `full`, `refused`; whatever `change` throws.
 */
export async function changeKept(path: string, change: (text: string | null) => string, lasts = true): Promise<void> {
  const folder = dirname(path)
  const refused = (thrown: unknown): never => {
    throw fault(
      'refused',
      `"${basename(path)}" was not written.`,
      `Nothing can be written in ${folder}.`,
      'Look at the rights of the folder.',
      {
        cause: thrown,
      },
    )
  }
  await mkdir(folder, { recursive: true }).catch(refused)
  await using lock = await waitForLock(join(folder, `.${basename(path)}.lock`), PATIENCE).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOSPC' && thrown.code !== 'EDQUOT') return refused(thrown)
    throw fault('full', `"${basename(path)}" was not written.`, 'There is no space left on the disk.', 'Make room, and do it again.', {
      cause: thrown,
    })
  })
  if (!lock)
    throw fault('busy', `"${basename(path)}" was not written.`, 'Another studio is writing it and does not come to an end.', 'Try again.')
  await writeWhole(path, new TextEncoder().encode(change(await keptText(path))), lasts)
}
