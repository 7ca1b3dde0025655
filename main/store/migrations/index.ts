import { fault } from '../../../preload/contract/fault.ts'
import type { Database } from '../database.ts'
import { project } from './0001-project.ts'

/** A step from one form of the project file to the next. Published ones are never edited. */
export interface Migration {
  /** The form it leads to; kept in `user_version`. */
  readonly number: number
  readonly sql: string
}

const MIGRATIONS: readonly Migration[] = [project]
export const LATEST = MIGRATIONS.length

/** "PALI": how a SQLite file says that it is one of ours. */
export const APPLICATION_ID = 0x50414c49

export const formOf = (database: Database): number => database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0

/** Brings a project file to the latest form, in one transaction. @throws FaultError `newer` when it is beyond it. */
export function migrate(database: Database): void {
  const form = formOf(database)
  if (form > LATEST)
    throw fault(
      'newer',
      'This project was written by a later version of Palimpsest.',
      `Its form is ${form}; this version knows forms up to ${LATEST}.`,
      'Update Palimpsest to open it.',
    )
  if (form === LATEST) return
  database.transaction(() => {
    for (const { number, sql } of MIGRATIONS.slice(form)) {
      database.script(sql)
      database.script(`PRAGMA user_version = ${number}`)
    }
    database.script(`PRAGMA application_id = ${APPLICATION_ID}`)
  })
}
