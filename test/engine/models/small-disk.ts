import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of 64 kB, where the system lets us have one; otherwise null. */
export function smallDisk(): ({ readonly path: string } & Disposable) | null {
  const path = mkdtempSync(join(tmpdir(), 'palimpsest-disk-'))
  const remove = () => rmSync(path, { recursive: true, force: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    remove()
    return null
  }
  return {
    path,
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', path])
      remove()
    },
  }
}
