import { z } from 'zod'
import { ask, watch } from './call.ts'
import { Catalog } from './catalog.ts'
import { Command, CommandResult } from './command.ts'
import { Document, SIDE_LIMIT } from './document.ts'
import { Job, ProjectState, StudioEvent } from './event.ts'
import { BlobId, ProjectId, RevisionId } from './ids.ts'
import { ModelProgress, ModelRequest, ModelResult } from './models.ts'

const title = z.string().trim().min(1).max(200)

/** Every way to begin. */
export const OpenRequest = z.discriminatedUnion('from', [
  /** An empty picture. `background` null is transparent, otherwise sRGB 0..255. */
  z.object({
    from: z.literal('size'),
    title: title.optional(),
    width: z.int().min(1).max(SIDE_LIMIT),
    height: z.int().min(1).max(SIDE_LIMIT),
    background: z.tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)]).nullable(),
  }),
  /** A project or a picture on this machine's disk. */
  z.object({ from: z.literal('path'), path: z.string().min(1).max(4096) }),
  /** Bytes the host received before (a dropped or pasted file): a project or a picture. */
  z.object({ from: z.literal('upload'), upload: z.string().max(100), name: title }),
  z.object({ from: z.literal('recent'), project: ProjectId }),
  z.object({ from: z.literal('sample'), sample: z.string().max(100) }),
])
export type OpenRequest = z.infer<typeof OpenRequest>

/** The contract between the studio and whoever stands in front of it: page, browser, shell. */
export const studio = {
  /** What can be done here. */
  catalog: ask(z.object({}), Catalog),
  /** Opens a project; a project already open in this studio is joined. */
  open: ask(OpenRequest, ProjectState),
  /** Closes it here. Nothing needs saving: everything acknowledged is in the file. */
  close: ask(z.object({ project: ProjectId }), z.object({})),
  /** The document of any revision, for comparing and hovering. */
  revision: ask(z.object({ project: ProjectId, revision: RevisionId }), z.object({ document: Document })),
  /** The one door for every change. Long ones yield their job as it goes on. */
  run: watch(z.object({ project: ProjectId, command: Command }), Job, CommandResult),
  /** Everything about the models of this machine; they belong to no project. */
  models: watch(ModelRequest, ModelProgress, ModelResult),
  /** Everything that happens to a project, beginning with its state. */
  watch: watch(z.object({ project: ProjectId }), StudioEvent, z.object({})),
}
export type Studio = typeof studio

/** Where a host serves blobs: GET gives the bytes, POST to `UPLOAD_PATH` takes a file and answers `Upload`. */
export const blobPath = (project: ProjectId, blob: BlobId): string => `/blob/${project}/${blob}`
export const UPLOAD_PATH = '/upload'
/** `upload` names the bytes for `open`; `blob` is present where `?project=ID` was given and the bytes went into that project. */
export const Upload = z.object({ upload: z.string(), blob: BlobId.nullable() })
export type Upload = z.infer<typeof Upload>
