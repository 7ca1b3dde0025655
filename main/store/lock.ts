import { statSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { FaultError, fault } from '../../preload/contract/fault.ts'
import { type Database, openDatabase } from './database.ts'
import { fileFault } from './file-fault.ts'

const ATTEMPTS = 5

/**
 * Takes the one lock on a project file: a lock of the operating system on an empty sidecar, so it dies with its process,
 * however that ends. The project file itself stays free for the engine's connection.
 * @throws FaultError `refused` when another studio has the project open, or what opening the sidecar gives.
 */
export function lockProject(path: string): Disposable {
  const sidecar = `${path}-lock`
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    make(sidecar)
    const before = inode(sidecar)
    const holder = lockFile(path, sidecar)
    // The holder before may have removed the sidecar between our opening and our locking; a removed one locks nothing.
    if (before !== null && before === inode(sidecar)) return { [Symbol.dispose]: () => release(sidecar, holder) }
    holder[Symbol.dispose]()
  }
  throw held(path)
}

function lockFile(path: string, sidecar: string): Disposable {
  let holder: Database | null = null
  try {
    holder = openDatabase(sidecar, { create: true, durable: false, patience: 0 })
    holder.script('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return holder
  } catch (thrown) {
    holder?.[Symbol.dispose]()
    throw thrown instanceof FaultError && thrown.fault.kind === 'busy' ? held(path) : thrown
  }
}

function release(sidecar: string, holder: Disposable) {
  remove(sidecar)
  holder[Symbol.dispose]()
  // Where an open file cannot be removed it can be now, unless somebody else took it.
  if (process.platform === 'win32') remove(sidecar)
}

/** Makes the sidecar without opening one that is there: closing a second descriptor would drop this process's lock on it. */
function make(path: string) {
  try {
    writeFileSync(path, '', { flag: 'wx' })
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    throw fileFault(path, thrown)
  }
}

function remove(path: string) {
  try {
    unlinkSync(path)
  } catch {
    // Left behind it does no harm: a sidecar without a process locks nothing.
  }
}

function inode(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null
}

const held = (path: string) =>
  fault(
    'refused',
    `"${basename(path)}" is open in another window.`,
    'A project can be changed from one place at a time.',
    'Go on there, or close it there and open it again here.',
  )
