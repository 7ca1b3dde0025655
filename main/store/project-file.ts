import { randomUUID } from 'node:crypto'
import { ProjectId } from '../../preload/contract/ids.ts'
import { type Blobs, blobsOf } from './blobs.ts'
import { type Database, openDatabase } from './database.ts'
import { type Jobs, jobsOf } from './jobs.ts'
import { migrate } from './migrations/index.ts'
import { collectGarbage } from './reach.ts'
import { type Revisions, revisionsOf } from './revisions.ts'

/** A project file, open. Disposing it closes the connection and gives the lock back. */
export interface ProjectStore extends Disposable {
  readonly path: string
  readonly database: Database
  readonly blobs: Blobs
  readonly revisions: Revisions
  readonly jobs: Jobs
  id(): ProjectId
  title(): string
  setTitle(title: string): void
  setId(id: ProjectId): void
  /** Deletes unreachable blobs; nobody may be writing any. @returns how many */
  collect(): number
}

export interface ProjectName {
  readonly id: ProjectId
  readonly title: string
}

/** Makes an empty project file, without a revision yet. `lock` is given back with it. @throws FaultError `full`, `refused` */
export function createProject(path: string, { id, title }: ProjectName, lock: Disposable | null): ProjectStore {
  const database = openDatabase(path, { create: true, durable: true })
  try {
    // Made in rollback mode, so that the header of the file itself says what it is from the first moment.
    migrate(database)
    const store = storeOn(database, lock)
    database.transaction(() => {
      store.setId(id)
      store.setTitle(title)
    })
    database.script('PRAGMA journal_mode = WAL')
    return store
  } catch (thrown) {
    database[Symbol.dispose]()
    throw thrown
  }
}

/** A store on an open, migrated database. */
export function storeOn(database: Database, lock: Disposable | null): ProjectStore {
  const blobs = blobsOf(database)
  const revisions = revisionsOf(database)
  const jobs = jobsOf(database)
  const meta = (key: string) => database.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value
  const setMeta = (key: string, value: string) => void database.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, value)
  return {
    path: database.path,
    database,
    blobs,
    revisions,
    jobs,
    id() {
      const parsed = ProjectId.safeParse(meta('id'))
      return parsed.success ? parsed.data : (randomUUID() as ProjectId)
    },
    title: () => meta('title') ?? 'Untitled',
    setTitle: (title) => setMeta('title', title),
    setId: (id) => setMeta('id', id),
    collect: () => collectGarbage(database, { blobs, revisions, jobs }),
    [Symbol.dispose]: () => {
      try {
        database[Symbol.dispose]()
      } finally {
        lock?.[Symbol.dispose]()
      }
    },
  }
}

/** The title of a project file nobody need have open; null where it cannot be read. */
export function readTitle(path: string): string | null {
  try {
    using database = openDatabase(path, { durable: false })
    return storeOn(database, null).title()
  } catch {
    return null
  }
}
