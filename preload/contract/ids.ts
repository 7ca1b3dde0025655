import { z } from 'zod'

/** SHA-256 of a blob's bytes before compression, in lower-case hexadecimal. A picture, a tile and a tile index are all blobs. */
export const BlobId = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'a blob is named by its SHA-256 in lower-case hexadecimal')
  .brand<'BlobId'>()
export type BlobId = z.infer<typeof BlobId>

/** Names a project file for good: made when the file is made, kept by "Save as". */
export const ProjectId = z.uuid().brand<'ProjectId'>()
export type ProjectId = z.infer<typeof ProjectId>

/** Names a layer within its document, across its whole history. */
export const LayerId = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'a layer id is up to 40 characters of a-z, 0-9 and -')
  .brand<'LayerId'>()
export type LayerId = z.infer<typeof LayerId>

/** A revision's number within its project; a parent's number is always lower than its children's. */
export const RevisionId = z.int().positive().brand<'RevisionId'>()
export type RevisionId = z.infer<typeof RevisionId>

export const BranchId = z.int().positive().brand<'BranchId'>()
export type BranchId = z.infer<typeof BranchId>

export const JobId = z.int().positive().brand<'JobId'>()
export type JobId = z.infer<typeof JobId>
