import SQLite from 'better-sqlite3'
import { type FaultError, fault } from '../../preload/contract/fault.ts'

/** What a column holds. */
export type Value = string | number | Uint8Array | null

/** One connection to one file. Everything it throws is a FaultError. */
export interface Database extends Disposable {
  readonly path: string
  get<Row>(sql: string, ...values: readonly Value[]): Row | undefined
  all<Row>(sql: string, ...values: readonly Value[]): Row[]
  /** Row by row, for results that need not fit in memory. Write nothing while it lasts. */
  each<Row>(sql: string, ...values: readonly Value[]): Generator<Row, void, void>
  /** Runs one statement; tells the rows it changed and the last row it inserted. */
  run(sql: string, ...values: readonly Value[]): { readonly changes: number; readonly inserted: number }
  /** Runs any number of statements without values. */
  script(sql: string): void
  /** All or nothing, on the disk before it returns (as far as `durable` goes). A transaction within another joins it. */
  transaction<T>(work: () => T): T
}

export interface DatabaseOptions {
  /** May the file be made? Otherwise it must be there. */
  readonly create?: boolean
  /** True: a commit is on the disk when it returns. False: it may be lost with the power, together with all later ones, never torn. */
  readonly durable: boolean
  /** Milliseconds to wait for another connection's transaction. */
  readonly patience?: number
}

/** Opens a connection. Names no journal mode: whoever makes the file chooses it, and it stays in the file. @throws FaultError */
export function openDatabase(path: string, options: DatabaseOptions): Database {
  const connection = guarded(path, () => {
    const opened = new SQLite(path, { fileMustExist: !options.create, timeout: options.patience ?? 10_000 })
    try {
      opened.pragma(`synchronous = ${options.durable ? 'FULL' : 'NORMAL'}`)
      opened.pragma('foreign_keys = ON')
      opened.pragma('trusted_schema = OFF')
      opened.pragma('cell_size_check = ON')
      opened.pragma(`journal_size_limit = ${64 << 20}`)
      return opened
    } catch (thrown) {
      opened.close()
      throw thrown
    }
  })
  const prepared = new Map<string, SQLite.Statement<unknown[]>>()
  const prepare = (sql: string) => {
    let statement = prepared.get(sql)
    if (!statement) prepared.set(sql, (statement = connection.prepare<unknown[]>(sql)))
    return statement
  }
  return {
    path,
    get: <Row>(sql: string, ...values: readonly Value[]) => guarded(path, () => prepare(sql).get(...values) as Row | undefined),
    all: <Row>(sql: string, ...values: readonly Value[]) => guarded(path, () => prepare(sql).all(...values) as Row[]),
    *each<Row>(sql: string, ...values: readonly Value[]) {
      try {
        for (const row of connection.prepare<unknown[]>(sql).iterate(...values)) yield row as Row
      } catch (thrown) {
        throw asFault(path, thrown)
      }
    },
    run: (sql, ...values) =>
      guarded(path, () => {
        const { changes, lastInsertRowid } = prepare(sql).run(...values)
        return { changes, inserted: Number(lastInsertRowid) }
      }),
    script: (sql) => guarded(path, () => void connection.exec(sql)),
    transaction: (work) =>
      guarded(path, () => {
        if (connection.inTransaction) return work()
        connection.exec('BEGIN IMMEDIATE')
        try {
          const value = work()
          connection.exec('COMMIT')
          return value
        } catch (thrown) {
          // A full disk may have rolled it back already.
          if (connection.inTransaction) connection.exec('ROLLBACK')
          throw thrown
        }
      }),
    [Symbol.dispose]: () => {
      if (connection.open) guarded(path, () => connection.close())
    },
  }
}

/** Pages copied between two looks at everything else: a few milliseconds' worth. */
const PAGES = 512

/**
 * Copies the database at `path` as it is now to a new file, bit by bit between other work of this thread. What is written
 * meanwhile is not in the copy, and does not disturb it. @throws FaultError; the signal's reason once it is aborted
 */
export async function copyDatabase(path: string, target: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const source = guarded(path, () => new SQLite(path, { readonly: true, fileMustExist: true }))
  try {
    // A reader that stays keeps its view; without it, a write by anybody would begin the copy anew.
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    const progress = () => {
      signal.throwIfAborted()
      return PAGES
    }
    await source.backup(target, { progress })
  } catch (thrown) {
    throw asFault(target, thrown)
  } finally {
    source.close()
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw asFault(path, thrown)
  }
}

function asFault(path: string, thrown: unknown): unknown {
  return thrown instanceof SQLite.SqliteError ? sqliteFault(path, thrown) : thrown
}

function sqliteFault(path: string, error: InstanceType<typeof SQLite.SqliteError>): FaultError {
  const cause = { cause: error }
  const { code } = error
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE' || code === 'SQLITE_IOERR_WRITE')
    return fault(
      'full',
      'The last change was not kept.',
      `There is no space left for "${path}".`,
      'Free some space and do it again; everything before it is safe.',
      cause,
    )
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return fault(
      'damaged',
      'The project file is damaged.',
      `"${path}" does not hold what it should.`,
      'Close it and open it again to save what can be saved.',
      cause,
    )
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return fault('busy', 'The project file is in use.', `Another program holds "${path}".`, 'Try again when it has finished.', cause)
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH')
    return fault(
      'refused',
      'The project file cannot be changed.',
      `"${path}" may only be read.`,
      'Save the project elsewhere, or allow writing to it.',
      cause,
    )
  if (code.startsWith('SQLITE_CANTOPEN'))
    return fault(
      'missing',
      'The project file cannot be opened.',
      `"${path}" is not there or may not be read.`,
      'Look for it elsewhere.',
      cause,
    )
  if (code === 'SQLITE_TOOBIG')
    return fault(
      'unsupported',
      'That is too large for a project file.',
      'One piece of it is over a gigabyte.',
      'Use a smaller picture.',
      cause,
    )
  if (code.startsWith('SQLITE_IOERR'))
    return fault(
      'damaged',
      'The disk did not answer.',
      `Reading or writing "${path}" failed (${code}).`,
      'Check the disk, then open the project again.',
      cause,
    )
  return fault('internal', 'The project file refused a request.', `${code}: ${error.message}.`, 'Your work is saved. Report it.', cause)
}
