import { z } from 'zod'
import { Document } from '../../preload/contract/document.ts'
import type { Branch, Revision } from '../../preload/contract/event.ts'
import { fault } from '../../preload/contract/fault.ts'
import type { BlobId, BranchId, RevisionId } from '../../preload/contract/ids.ts'
import { blobKey, blobOfKey } from './blobs.ts'
import type { Database } from './database.ts'
import { isSealed, pack, type RevisionRow, sealOf, unpack } from './seal.ts'

/** The type of the command that made the first revision. */
export const CREATE = 'project.create'
const RERUNNABLE: readonly string[] = ['layer.restore', 'picture.imagine', 'revision.rerun']

/** What a commit adds. The parent is the head. */
export interface Change {
  readonly document: Document
  /** The command that made it; its `type` is kept beside it. */
  readonly command: { readonly type: string } & Record<string, unknown>
  readonly label: string
  readonly at: number
  /** Where the head is not the tip of its branch: what the branch that begins here is called. */
  readonly variation: string
  /** The job it ends, which is done by the same transaction. */
  readonly job?: { readonly id: number; readonly progress: string | null }
}

export interface Place {
  readonly branch: BranchId
  readonly revision: RevisionId
}

/** The history of a project file. Revisions are added and never changed; the head, names and thumbnails move. */
export interface Revisions {
  /** Every revision, oldest first, without its document. */
  list(): Revision[]
  one(id: RevisionId): Revision
  branches(): Branch[]
  head(): Place
  /** @throws FaultError `missing` or `damaged` */
  document(id: RevisionId): Document
  /** The command that made it, as it was stored. @throws FaultError `missing` or `damaged` */
  command(id: RevisionId): unknown
  /** The one commit: the revision, its branch, the head and the job, in one transaction, on the disk when it returns. @throws FaultError `full` */
  commit(change: Change): Place
  moveHead(to: Place): void
  nameVersion(id: RevisionId, name: string | null): void
  nameBranch(id: BranchId, name: string): void
  keepThumbnail(id: RevisionId, blob: BlobId): void
}

interface ListedRow extends Omit<RevisionRow, 'command' | 'document'> {
  readonly thumbnail: Uint8Array | null
  readonly version: string | null
}

const LISTED = `SELECT r.id, r.parent, r.branch, r.kind, r.label, r.at, t.blob AS thumbnail, v.name AS version
  FROM revisions r LEFT JOIN thumbnails t ON t.revision = r.id LEFT JOIN versions v ON v.revision = r.id`

export function revisionsOf(database: Database): Revisions {
  const row = (id: RevisionId) => {
    const found = database.get<RevisionRow & { seal: Uint8Array }>('SELECT * FROM revisions WHERE id = ?', id)
    if (!found) throw fault('missing', 'That revision is not there.', `The history has no revision ${id}.`, 'Choose one from the history.')
    if (!isSealed(found))
      throw fault('damaged', 'A revision cannot be read.', `The row of revision ${id} is damaged.`, 'Go to another one in the history.')
    return found
  }
  const head = (): Place => {
    const found = database.get<Place>('SELECT branch, revision FROM head')
    if (!found) throw fault('damaged', 'The project is damaged.', 'It does not say where its history stands.', 'Open it again.')
    return found
  }
  const moveHead = (to: Place) => {
    database.run('INSERT OR REPLACE INTO head (only, branch, revision) VALUES (1, ?, ?)', to.branch, to.revision)
  }

  return {
    list: () => database.all<ListedRow>(`${LISTED} ORDER BY r.id`).map(toRevision),
    one(id) {
      const found = database.get<ListedRow>(`${LISTED} WHERE r.id = ?`, id)
      if (!found)
        throw fault('missing', 'That revision is not there.', `The history has no revision ${id}.`, 'Choose one from the history.')
      return toRevision(found)
    },
    branches: () => database.all<Branch>('SELECT id, name, tip FROM branches ORDER BY id'),
    head,
    document: (id) => parseDocument(unpack(row(id).document)),
    command: (id) => unpack(row(id).command),
    moveHead,

    commit: (change) =>
      database.transaction(() => {
        const parent = database.get<Place>('SELECT branch, revision FROM head') ?? null
        const id = (database.get<{ last: number | null }>('SELECT max(id) AS last FROM revisions')?.last ?? 0) + 1
        const tip = parent && database.get<{ tip: number }>('SELECT tip FROM branches WHERE id = ?', parent.branch)?.tip
        let branch = parent?.branch
        if (branch !== undefined && tip === parent?.revision) database.run('UPDATE branches SET tip = ? WHERE id = ?', id, branch)
        else branch = database.run('INSERT INTO branches (name, tip) VALUES (?, ?)', change.variation, id).inserted as BranchId
        const bare: RevisionRow = {
          id,
          parent: parent?.revision ?? null,
          branch,
          kind: change.command.type,
          // Half a letter would be stored as another one, and break the seal.
          label: change.label.toWellFormed(),
          at: change.at,
          command: pack(change.command),
          // What is written can be read again: a document that breaks its own schema never gets this far.
          document: pack(Document.parse(change.document)),
        }
        database.run(
          'INSERT INTO revisions (id, parent, branch, kind, label, at, command, document, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          ...[bare.id, bare.parent, bare.branch, bare.kind, bare.label, bare.at, bare.command, bare.document, sealOf(bare)],
        )
        const place: Place = { branch, revision: id as RevisionId }
        moveHead(place)
        if (change.job)
          database.run(
            "UPDATE jobs SET status = 'done', progress = ?, revision = ?, ended_at = ? WHERE id = ?",
            ...[change.job.progress, id, change.at, change.job.id],
          )
        return place
      }),

    nameVersion(id, name) {
      if (name === null) database.run('DELETE FROM versions WHERE revision = ?', id)
      else database.run('INSERT OR REPLACE INTO versions (revision, name) VALUES (?, ?)', id, name)
    },
    nameBranch: (id, name) => void database.run('UPDATE branches SET name = ? WHERE id = ?', name, id),
    keepThumbnail: (id, blob) => void database.run('INSERT OR REPLACE INTO thumbnails (revision, blob) VALUES (?, ?)', id, blobKey(blob)),
  }
}

function toRevision({ kind, thumbnail, ...row }: ListedRow): Revision {
  return {
    ...(row as Omit<ListedRow, 'id' | 'parent' | 'branch'> & Pick<Revision, 'id' | 'parent' | 'branch'>),
    command: kind,
    thumbnail: thumbnail && blobOfKey(thumbnail),
    rerunnable: RERUNNABLE.includes(kind),
  }
}

/** @throws FaultError `damaged` */
export function parseDocument(value: unknown): Document {
  const parsed = Document.safeParse(value)
  if (parsed.success) return parsed.data
  throw fault(
    'damaged',
    'A revision cannot be read.',
    `Its document is not in a form this studio knows: ${z.prettifyError(parsed.error)}.`,
    'Go to another one in the history.',
  )
}
