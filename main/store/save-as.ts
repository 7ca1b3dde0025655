import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fault } from '../../preload/contract/fault.ts'
import { openDatabase } from './database.ts'
import { fileFault } from './file-fault.ts'
import { lockProject } from './lock.ts'
import { type ProjectStore, storeOn } from './project-file.ts'

/**
 * Writes a project to another path and opens it there: a compact copy under a temporary name, on the disk, then renamed,
 * so that the path holds the old file or the whole new one at any moment. The store given stays open and untouched.
 * @param overwrite - may a file that lies there be replaced?
 * @throws FaultError `refused` when a file lies there, or it is open elsewhere; `full`; `missing` when there is no such folder
 */
export function saveProjectAs(store: ProjectStore, path: string, title: string, overwrite: boolean): ProjectStore {
  const folder = dirname(path)
  if (!existsSync(folder))
    throw fault('missing', 'The project was not saved.', `There is no folder "${folder}".`, 'Choose a folder that is there.')
  if (existsSync(path) && !overwrite)
    throw fault(
      'refused',
      'The project was not saved.',
      `There is already a file "${basename(path)}" in that folder.`,
      'Choose another name.',
    )
  const lock = lockProject(path)
  const temporary = join(folder, `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`)
  try {
    store.database.run('VACUUM INTO ?', temporary)
    rename(temporary, title)
    sync(temporary)
    // Changes that lie beside a file to be replaced must not be taken for changes to the new one.
    for (const end of ['-wal', '-shm', '-journal']) rmSync(path + end, { force: true })
    renameSync(temporary, path)
    sync(folder)
    const database = openDatabase(path, { durable: true })
    database.script('PRAGMA journal_mode = WAL')
    return storeOn(database, lock)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    rmSync(`${temporary}-journal`, { force: true })
    lock[Symbol.dispose]()
    throw fileFault(path, thrown)
  }
}

function rename(path: string, title: string) {
  using database = openDatabase(path, { durable: true })
  storeOn(database, null).setTitle(title)
}

function sync(path: string) {
  // Windows can neither open nor sync a folder.
  if (process.platform === 'win32' && !path.endsWith('.tmp')) return
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
