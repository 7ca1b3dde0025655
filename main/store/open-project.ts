import { accessSync, constants } from 'node:fs'
import { basename, dirname } from 'node:path'
import { FaultError, fault } from '../../preload/contract/fault.ts'
import { blobsOf } from './blobs.ts'
import { copyProject } from './copy-project.ts'
import { type Database, openDatabase } from './database.ts'
import { inspectProject } from './integrity.ts'
import { lockProject } from './lock.ts'
import { migrate } from './migrations/index.ts'
import { type ProjectStore, storeOn } from './project-file.ts'
import { recognise } from './recognise.ts'
import { salvageProject } from './salvage.ts'

export interface OpenedProject {
  readonly store: ProjectStore
  /** The file itself cannot be worked in; `store` is a copy, or what could be saved of it. */
  readonly readOnly: boolean
  /** What was lost or is unusual, in full sentences. */
  readonly notes: readonly string[]
}

/**
 * Opens a project file, checked. A damaged one is left as it is, and what can be saved of it is opened at `rescue`,
 * a path that nothing lies at; so is a copy of one that may not be written.
 * @throws FaultError `missing`; `unsupported` for another program's file; `newer`; `refused` when it is open elsewhere;
 * `damaged` when nothing can be saved
 */
export async function openProject(path: string, rescue: string): Promise<OpenedProject> {
  refuseOthers(path)
  if (!isWritable(path)) {
    copyProject(path, rescue)
    const copy = await openProject(rescue, `${rescue}-rescue`)
    return { ...copy, readOnly: true, notes: [...copy.notes, `"${basename(path)}" may only be read here. Save it elsewhere to go on.`] }
  }
  const lock = lockProject(path)
  try {
    const { database, problems } = await openChecked(path)
    if (database && problems.length === 0) return { store: storeOn(database, lock), readOnly: false, notes: [] }
    database?.[Symbol.dispose]()
    return { ...salvageProject(path, rescue, problems, lock), readOnly: true }
  } catch (thrown) {
    lock[Symbol.dispose]()
    throw thrown
  }
}

async function openChecked(path: string): Promise<{ database: Database | null; problems: string[] }> {
  let database: Database | null = null
  try {
    database = openDatabase(path, { durable: true })
    migrate(database)
    database.script('PRAGMA journal_mode = WAL')
    return { database, problems: await inspectProject(database, blobsOf(database)) }
  } catch (thrown) {
    database?.[Symbol.dispose]()
    if (thrown instanceof FaultError && ['damaged', 'internal'].includes(thrown.fault.kind))
      return { database: null, problems: [thrown.fault.why] }
    throw thrown
  }
}

function refuseOthers(path: string) {
  const content = recognise(path)
  if (content === 'project') return
  const name = basename(path)
  if (content === 'foreign')
    throw fault(
      'unsupported',
      `"${name}" is not a Palimpsest project.`,
      'It is a database of another program.',
      'Choose a project or a picture.',
    )
  throw fault(
    'damaged',
    `"${name}" cannot be opened as a project.`,
    content === 'empty' ? 'The file is empty.' : 'Its beginning is not that of a project file; without it nothing in it can be found.',
    'Look for an older copy of it.',
  )
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    accessSync(dirname(path), constants.W_OK)
    return true
  } catch {
    return false
  }
}
