import { createHash, randomUUID } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** What this process has written into locks that it holds. */
const ours = new Set<string>()

/** Milliseconds after which a lock that says nothing is nobody's: whoever made it was ended before it could say who it is. */
const SILENCE = 10_000

/**
 * Makes a file that says who holds it, where nobody does. What a process left that is no more is taken over: by one alone, for whoever
 * takes it away holds a lock of its own to do so, and looks again.
 * @returns null where somebody holds it. @throws the system's error where it cannot be written.
 */
export async function tryLock(path: string): Promise<AsyncDisposable | null> {
  const name = `${process.pid} ${randomUUID()}`
  for (;;) {
    if (await made(path, name)) return { [Symbol.asyncDispose]: () => release(path, name) }
    const holder = await holderOf(path)
    if (holder === GONE) continue
    if (await isHeld(path, holder)) return null
    await using mine = await tryLock(`${path}.${createHash('sha256').update(holder).digest('hex').slice(0, 16)}`)
    if (!mine) return null
    if ((await holderOf(path)) === holder) await rm(path, { force: true })
  }
}

/** The same, waiting for its turn. @param patience milliseconds. @returns null where it did not come. */
export async function waitForLock(path: string, patience: number): Promise<AsyncDisposable | null> {
  const end = performance.now() + patience
  for (let turn = 0; ; turn++) {
    const lock = await tryLock(path)
    if (lock || performance.now() > end) return lock
    // Not all at once: who waits long waits in longer steps, and each process in its own.
    await pause(2 + Math.min(20, turn) + (process.pid % 5))
  }
}

async function made(path: string, name: string): Promise<boolean> {
  ours.add(name)
  try {
    await writeFile(path, name, { flag: 'wx' })
    return true
  } catch (thrown) {
    ours.delete(name)
    const { code = '' } = thrown as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // It was made, and nothing could be written into it.
    if (code === 'ENOSPC' || code === 'EDQUOT') await rm(path, { force: true })
    throw thrown
  }
}

async function release(path: string, name: string): Promise<void> {
  ours.delete(name)
  if ((await holderOf(path)) === name) await rm(path, { force: true })
}

const GONE = Symbol('gone')

/** What a lock says of its holder. @throws the system's error where it may not be read. */
const holderOf = (path: string): Promise<string | typeof GONE> =>
  readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return GONE
    throw thrown
  })

async function isHeld(path: string, holder: string): Promise<boolean> {
  const pid = Number.parseInt(holder, 10)
  if (Number.isNaN(pid)) return Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? 0) < SILENCE
  // A number of ours that we did not write is that of a process before us.
  if (pid === process.pid) return ours.has(holder)
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
