import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Document } from '../../preload/contract/document.ts'
import { FaultError, fault } from '../../preload/contract/fault.ts'
import { ProjectId } from '../../preload/contract/ids.ts'
import { blobOfKey, soundBytes } from './blobs.ts'
import { copyProject } from './copy-project.ts'
import { type Database, openDatabase } from './database.ts'
import { createProject, type ProjectStore } from './project-file.ts'
import { parseDocument } from './revisions.ts'
import { type Holes, mendDocument } from './salvage-document.ts'
import { readableRows } from './salvage-rows.ts'
import { rebuildTree, type SavedRevision } from './salvage-tree.ts'
import { isSealed, type RevisionRow, unpack } from './seal.ts'

/**
 * Saves what can be saved of a damaged project file into a new one at `rescue`. The damaged file is only copied.
 * @throws FaultError `damaged`, saying what is lost, when no revision can be read
 */
export function salvageProject(
  path: string,
  rescue: string,
  problems: readonly string[],
  lock: Disposable,
): { store: ProjectStore; notes: string[] } {
  const working = `${rescue}-source`
  copyProject(path, working)
  let source: Database | null = null
  try {
    source = openDatabase(working, { durable: false })
    return rebuild(source, path, rescue, problems, lock)
  } catch (thrown) {
    if (thrown instanceof FaultError && !['damaged', 'internal'].includes(thrown.fault.kind)) throw thrown
    throw nothingLeft(path, problems, thrown)
  } finally {
    source?.[Symbol.dispose]()
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(working + end, { force: true })
  }
}

function rebuild(source: Database, path: string, rescue: string, problems: readonly string[], lock: Disposable) {
  const rows = readableRows<RevisionRow & { seal: Uint8Array }>(source, 'revisions', 'id')
  const store = createProject(rescue, nameOf(source, path), lock)
  try {
    copySoundBlobs(source, store)
    const holes: Holes = { tiles: 0, layers: new Set(), attachments: 0 }
    const saved: SavedRevision[] = []
    for (const row of rows.values()) {
      const document = readable(row)
      if (document) saved.push({ row, document: mendDocument(document, store.blobs, holes) })
    }
    saved.sort((a, b) => a.row.id - b.row.id)
    if (saved.length === 0) throw nothingLeft(path, problems)
    const lost = rebuildTree(source, store, saved)
    return { store, notes: wordsFor(path, saved.length, lost, holes) }
  } catch (thrown) {
    store.database[Symbol.dispose]()
    for (const end of ['', '-wal', '-shm']) rmSync(rescue + end, { force: true })
    throw thrown
  }
}

function readable(row: RevisionRow & { seal: Uint8Array }): Document | null {
  try {
    return isSealed(row) ? parseDocument(unpack(row.document)) : null
  } catch {
    return null
  }
}

function copySoundBlobs(source: Database, store: ProjectStore) {
  const numbers = readableRows<{ number: number }>(source, 'blobs', 'number', 'bytes').keys()
  store.database.transaction(() => {
    for (const number of numbers) {
      const row = attempt(() =>
        source.get<{ id: Uint8Array; bytes: number; zstd: Uint8Array }>('SELECT * FROM blobs WHERE number = ?', number),
      )
      if (row && soundBytes(blobOfKey(row.id), row))
        store.database.run('INSERT OR IGNORE INTO blobs (id, bytes, zstd) VALUES (?, ?, ?)', row.id, row.bytes, row.zstd)
    }
  })
}

function nameOf(source: Database, path: string) {
  const meta = (key: string) => attempt(() => source.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value)
  const id = ProjectId.safeParse(meta('id'))
  return { id: id.success ? id.data : (randomUUID() as ProjectId), title: meta('title') || basename(path, extname(path)) }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function wordsFor(path: string, kept: number, lost: readonly string[], holes: Holes): string[] {
  const notes = [`"${basename(path)}" is damaged. It was left as it is, and ${count(kept, 'revision')} could be read from it.`, ...lost]
  if (holes.tiles > 0)
    notes.push(
      `${count(holes.tiles, 'piece')} of 256 × 256 pixels could not be read and ${holes.tiles === 1 ? 'is' : 'are'} left empty, in ${[...holes.layers].map((name) => `"${name}"`).join(', ')}.`,
    )
  if (holes.attachments > 0) notes.push('The colour profile or the camera data of the picture could not be read.')
  notes.push('Save the project elsewhere to go on with it.')
  return notes
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`

const nothingLeft = (path: string, problems: readonly string[], cause?: unknown) =>
  fault(
    'damaged',
    `"${basename(path)}" is damaged, and nothing in it can be saved.`,
    `No revision of the picture can be read. ${problems[0] ?? ''}`.trim(),
    'Look for an older copy of the file.',
    { cause },
  )
