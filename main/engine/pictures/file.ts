import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type FaultKind, fault } from '../../../preload/contract/fault.ts'

/**
 * Writes a file whole or not at all: beside its place first, onto the disk, then into its place.
 * @param lasts whether it must outlive a loss of power: what may be made anew need not be waited for.
 * @throws FaultError `full`, `refused`, `missing` (no such folder), `invalid` (a folder of that name).
 */
export async function writeWhole(path: string, bytes: Uint8Array, lasts = true): Promise<void> {
  // Where a link stands, the file it leads to is replaced, not the link.
  const target = await realpath(path).catch(() => path)
  const beside = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.part`)
  try {
    const file = await open(beside, 'wx')
    try {
      await file.writeFile(bytes)
      if (lasts) await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, target)
  } catch (thrown) {
    await rm(beside, { force: true }).catch(() => undefined)
    const code = (thrown as NodeJS.ErrnoException).code ?? ''
    const [kind, why, todo] = WRITE_FAILURES[code] ?? [
      'refused',
      `The system did not let it be written (${code}).`,
      'Choose another place.',
    ]
    throw fault(kind, `"${basename(path)}" was not written.`, why, todo, { cause: thrown })
  }
}

const noRight = ['refused', 'You may not write in that folder.', 'Choose another folder.'] as const
const noSpace = ['full', 'There is no space left on that disk.', 'Make room or choose another disk; nothing was lost.'] as const
const WRITE_FAILURES: Readonly<Record<string, readonly [kind: FaultKind, why: string, todo: string]>> = {
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  EACCES: noRight,
  EPERM: noRight,
  EROFS: ['refused', 'That disk can only be read.', 'Choose another disk.'],
  ENOENT: ['missing', 'The folder is not there.', 'Choose another folder.'],
  ENOTDIR: ['missing', 'The folder is not there.', 'Choose another folder.'],
  EISDIR: ['invalid', 'There is a folder of that name.', 'Choose another name.'],
  ENAMETOOLONG: ['invalid', 'The name is too long for that disk.', 'Choose a shorter name.'],
}
