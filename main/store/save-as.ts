import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fault } from '../../preload/contract/fault.ts'
import { copyDatabase, openDatabase } from './database.ts'
import { fileFault } from './file-fault.ts'
import { lockProject } from './lock.ts'
import { type ProjectStore, storeOn } from './project-file.ts'

/** Up to this many bytes a project is copied in one go, and comes out compact. */
const AT_ONCE = 64 << 20

/**
 * Writes a project to another path and opens it there: a copy under a temporary name, on the disk, then renamed, so that
 * the path holds the old file or the whole new one at any moment. The store given stays open and untouched; what is
 * written to it meanwhile is not in the copy.
 * @param overwrite - may a file that lies there be replaced?
 * @param atOnce - bytes up to which it is copied in one go; larger ones let other work go on
 * @throws FaultError `refused` when a file lies there, or it is open elsewhere; `full`; `missing` when there is no such folder
 */
export async function saveProjectAs(
  store: ProjectStore,
  path: string,
  { title, overwrite, atOnce = AT_ONCE }: { readonly title: string; readonly overwrite: boolean; readonly atOnce?: number },
  signal: AbortSignal,
): Promise<ProjectStore> {
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
    if (sizeOf(store) <= atOnce) store.database.run('VACUUM INTO ?', temporary)
    else await copyDatabase(store.path, temporary, signal)
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
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(temporary + end, { force: true })
    lock[Symbol.dispose]()
    throw fileFault(path, thrown)
  }
}

function sizeOf({ database }: ProjectStore): number {
  const { page_count = 0 } = database.get<{ page_count: number }>('PRAGMA page_count') ?? {}
  const { page_size = 0 } = database.get<{ page_size: number }>('PRAGMA page_size') ?? {}
  return page_count * page_size
}

function rename(path: string, title: string) {
  using database = openDatabase(path, { durable: true })
  // A copy has the log beside the file that its original has; all of it is to lie in the one file that is renamed.
  database.script('PRAGMA journal_mode = DELETE')
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
