import type { Document } from '../../preload/contract/document.ts'
import type { Database } from './database.ts'
import type { ProjectStore } from './project-file.ts'
import { readableRows } from './salvage-rows.ts'
import { pack, type RevisionRow, sealOf } from './seal.ts'

export interface SavedRevision {
  readonly row: RevisionRow
  readonly document: Document
}

/**
 * Writes saved revisions, and the branches, head, versions and thumbnails that still lead to them, into a new project.
 * A revision whose parent is lost follows the newest one before it. Sorted by id.
 * @returns what is lost, in full sentences
 */
export function rebuildTree(source: Database, store: ProjectStore, saved: readonly SavedRevision[]): string[] {
  const parents = new Map<number, number | null>()
  const lastOn = new Map<number, number>()
  let previous: number | null = null
  for (const { row } of saved) {
    parents.set(
      row.id,
      previous === null || (row.parent !== null && parents.has(row.parent)) ? (previous === null ? null : row.parent) : previous,
    )
    lastOn.set(row.branch, row.id)
    previous = row.id
  }
  const ancestors = function* (id: number | null | undefined) {
    for (let at = id; at != null; at = parents.get(at)) if (parents.has(at)) yield at
  }
  const branches = readableRows<{ name: string; tip: number }>(source, 'branches', 'id', 'name, tip')
  const tips = new Map<number, number>()
  for (const [branch, last] of lastOn) {
    const tip = branches.get(branch)?.tip
    tips.set(branch, tip !== undefined && parents.has(tip) ? tip : last)
  }
  const head = [...readableRows<{ branch: number; revision: number }>(source, 'head', 'only', 'branch, revision').values()][0]
  const newest = saved.at(-1)!.row
  const revision = head && parents.has(head.revision) ? head.revision : newest.id
  const holds = (branch: number) => [...ancestors(tips.get(branch))].includes(revision)
  const own = saved.find(({ row }) => row.id === revision)!.row.branch
  const branch = head && tips.has(head.branch) && holds(head.branch) ? head.branch : own

  const { database } = store
  database.transaction(() => {
    for (const [id, tip] of tips)
      database.run('INSERT INTO branches (id, name, tip) VALUES (?, ?, ?)', id, branches.get(id)?.name || `Recovered ${id}`, tip)
    for (const { row, document } of saved) {
      const kept: RevisionRow = { ...row, parent: parents.get(row.id) ?? null, document: pack(document) }
      database.run(
        'INSERT INTO revisions (id, parent, branch, kind, label, at, command, document, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[kept.id, kept.parent, kept.branch, kept.kind, kept.label, kept.at, kept.command, kept.document, sealOf(kept)],
      )
    }
    database.run('INSERT INTO head (only, branch, revision) VALUES (1, ?, ?)', branch, revision)
    for (const [id, { name }] of readableRows<{ name: string }>(source, 'versions', 'revision', 'name'))
      if (parents.has(id)) database.run('INSERT INTO versions (revision, name) VALUES (?, ?)', id, name)
    for (const [id, { blob }] of readableRows<{ blob: Uint8Array }>(source, 'thumbnails', 'revision', 'blob'))
      if (parents.has(id) && database.get('SELECT 1 FROM blobs WHERE id = ?', blob))
        database.run('INSERT INTO thumbnails (revision, blob) VALUES (?, ?)', id, blob)
  })

  // Numbers in a damaged file can be anything; a head far beyond what was read is one of them.
  const last = head && head.revision > newest.id && head.revision < newest.id + 1000 ? head.revision : newest.id
  const lost = [...Array(last).keys()].map((i) => i + 1).filter((id) => !parents.has(id))
  const notes: string[] = []
  if (lost.length > 0) notes.push(`${lost.length === 1 ? 'Revision' : 'Revisions'} ${listed(lost)} could not be read.`)
  if (head && head.revision !== revision) notes.push(`The newest state that could be read is revision ${revision}.`)
  return notes
}

const listed = (ids: readonly number[]) => (ids.length > 12 ? `${ids.slice(0, 12).join(', ')} and ${ids.length - 12} more` : ids.join(', '))
