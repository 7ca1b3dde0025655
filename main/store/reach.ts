import type { Document, Pixels } from '../../preload/contract/document.ts'
import type { BlobId, JobId, RevisionId } from '../../preload/contract/ids.ts'
import { decodeTileIndex } from '../../preload/contract/tile-index.ts'
import { type Blobs, blobKey, blobOfKey } from './blobs.ts'
import type { Database } from './database.ts'
import type { Jobs } from './jobs.ts'
import type { Revisions } from './revisions.ts'

/** Every tile index a document names: layers, masks, what recipes were given, and where they worked. */
export function* pixelsOf(document: Document): Generator<Pixels> {
  for (const { pixels, mask, recipe } of document.layers) {
    if (pixels) yield pixels
    if (mask) yield mask.pixels
    if (recipe?.input) yield recipe.input
    for (const { region } of recipe?.objects ?? []) {
      if (region.from !== 'pixels') continue
      if (region.pixels) yield region.pixels
      if (region.mask) yield region.mask.pixels
    }
  }
}

/** Blobs a document names without an index. */
export function* attachmentsOf(document: Document): Generator<BlobId> {
  if (document.profile) yield document.profile
  if (document.exif) yield document.exif
}

/**
 * Deletes the blobs that nothing in the project leads to: previews, drafts of cancelled jobs, exports.
 * Nobody may be writing blobs meanwhile. Where anything cannot be read nothing is deleted.
 * @returns how many were deleted.
 */
export function collectGarbage(database: Database, stores: { blobs: Blobs; revisions: Revisions; jobs: Jobs }): number {
  const reached = new Set<BlobId>()
  const reachIndex = ({ index }: { index: BlobId }) => {
    if (reached.has(index)) return
    reached.add(index)
    for (const tile of decodeTileIndex(stores.blobs.get(index)).tiles.values()) reached.add(tile)
  }
  for (const revision of stores.revisions.list()) {
    const document = stores.revisions.document(revision.id as RevisionId)
    for (const pixels of pixelsOf(document)) reachIndex(pixels)
    for (const id of attachmentsOf(document)) reached.add(id)
    if (revision.thumbnail) reached.add(revision.thumbnail)
  }
  for (const job of stores.jobs.list()) {
    if (job.progress?.preview) reached.add(job.progress.preview)
    // What a job was given is JSON; every string in it that names an index keeps it.
    for (const id of JSON.stringify(stores.jobs.plan(job.id as JobId)).match(/[0-9a-f]{64}/g) ?? [])
      if (stores.blobs.has(id as BlobId)) reachPlanned(id as BlobId)
  }
  function reachPlanned(id: BlobId) {
    const isIndex = Buffer.from(stores.blobs.get(id).subarray(0, 4)).toString() === 'PTI1'
    if (isIndex) reachIndex({ index: id })
    else reached.add(id)
  }
  return database.transaction(() => {
    const all = database.all<{ id: Uint8Array }>('SELECT id FROM blobs').map((row) => blobOfKey(row.id))
    const garbage = all.filter((id) => !reached.has(id))
    for (const id of garbage) database.run('DELETE FROM blobs WHERE id = ?', blobKey(id))
    return garbage.length
  })
}
