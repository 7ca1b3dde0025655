import { setImmediate as breath } from 'node:timers/promises'
import type { Document } from '../../preload/contract/document.ts'
import { FaultError } from '../../preload/contract/fault.ts'
import type { BlobId } from '../../preload/contract/ids.ts'
import { decodeTileIndex } from '../../preload/contract/tile-index.ts'
import type { Blobs } from './blobs.ts'
import type { Database } from './database.ts'
import { attachmentsOf, pixelsOf } from './reach.ts'
import { revisionsOf } from './revisions.ts'
import { isSealed, type RevisionRow } from './seal.ts'

/**
 * What is wrong with a project file, in plain sentences; empty when it is sound. Checks the pages of the database,
 * the seal of every revision, that the tree of revisions hangs together, and every blob of the picture at the head.
 */
export async function inspectProject(database: Database, blobs: Blobs): Promise<string[]> {
  try {
    const pages = database.all<{ quick_check: string }>('PRAGMA quick_check(5)').map((row) => row.quick_check)
    if (pages.join() !== 'ok') return pages.map((page) => `The database says: ${page}.`)
    const wrong = inspectTree(database)
    return [...wrong, ...(await missingFrom(revisionsOf(database).document(revisionsOf(database).head().revision), blobs))]
  } catch (thrown) {
    // Changed bytes can surface as any error at all, down to a table that is not there; only these mean something else.
    if (thrown instanceof FaultError && ['busy', 'full', 'refused'].includes(thrown.fault.kind)) throw thrown
    return [thrown instanceof FaultError ? thrown.fault.why : `A row cannot be understood (${String(thrown)}).`]
  }
}

/** How long blobs are read before other work has its turn, in milliseconds. */
const TURN = 20

/** What a document names and the file does not hold, or holds wrongly, in plain sentences. Other work goes on meanwhile. */
export async function missingFrom(document: Document, blobs: Blobs): Promise<string[]> {
  const wrong: string[] = []
  let turn = performance.now()
  const check = (id: BlobId) => {
    try {
      return blobs.get(id)
    } catch (thrown) {
      if (!(thrown instanceof FaultError)) throw thrown
      wrong.push(thrown.fault.why)
      return null
    }
  }
  const seen = new Set<BlobId>()
  for (const { index } of pixelsOf(document)) {
    if (seen.has(index)) continue
    seen.add(index)
    const bytes = check(index)
    if (!bytes) continue
    for (const tile of decodeTileIndex(bytes).tiles.values()) {
      if (seen.has(tile)) continue
      seen.add(tile)
      check(tile)
      if (performance.now() - turn < TURN) continue
      await breath()
      turn = performance.now()
    }
  }
  for (const id of attachmentsOf(document)) check(id)
  return wrong
}

function inspectTree(database: Database): string[] {
  const wrong: string[] = []
  const revisions = new Map<number, number | null>()
  const branches = new Map(database.all<{ id: number; tip: number }>('SELECT id, tip FROM branches').map((row) => [row.id, row.tip]))
  for (const row of database.each<RevisionRow & { seal: Uint8Array }>('SELECT * FROM revisions ORDER BY id')) {
    if (!isSealed(row)) wrong.push(`Revision ${row.id} does not hold what it did.`)
    if (row.parent === null ? revisions.size > 0 : !revisions.has(row.parent)) wrong.push(`Revision ${row.id} has lost the one before it.`)
    if (!branches.has(row.branch)) wrong.push(`Revision ${row.id} has lost its branch.`)
    revisions.set(row.id, row.parent)
  }
  for (const [id, tip] of branches) if (!revisions.has(tip)) wrong.push(`Branch ${id} has lost its newest revision.`)
  const head = database.get<{ branch: number; revision: number }>('SELECT branch, revision FROM head')
  let at = head && branches.get(head.branch)
  while (at && at !== head?.revision) at = revisions.get(at) ?? undefined
  if (!at) wrong.push('The project does not say where its history stands.')
  return wrong
}
