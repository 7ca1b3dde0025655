import { z } from 'zod'
import { EngineState } from './catalog.ts'
import { Document } from './document.ts'
import { Fault } from './fault.ts'
import { BlobId, BranchId, JobId, ProjectId, RevisionId } from './ids.ts'

/** A row of the history, without its document. */
export const Revision = z.object({
  id: RevisionId,
  parent: RevisionId.nullable(),
  branch: BranchId,
  /** Type of the command that made it; `project.create` for the first. */
  command: z.string(),
  /** Words for the history panel, e.g. "Brush, 14 strokes". */
  label: z.string(),
  /** Milliseconds since 1970. */
  at: z.int(),
  /** A small PNG of the whole picture, once it was made. */
  thumbnail: BlobId.nullable(),
  /** The flag of a named version. */
  version: z.string().nullable(),
  /** Can `revision.rerun` run it again? */
  rerunnable: z.boolean(),
})
export type Revision = z.infer<typeof Revision>

/** A line of history. Its tip is the newest revision on it; redo leads there. */
export const Branch = z.object({ id: BranchId, name: z.string(), tip: RevisionId })
export type Branch = z.infer<typeof Branch>

/** Where the artist stands. */
export const Head = z.object({ branch: BranchId, revision: RevisionId, canUndo: z.boolean(), canRedo: z.boolean() })
export type Head = z.infer<typeof Head>

export const JobStatus = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'])
export type JobStatus = z.infer<typeof JobStatus>

/** How far a job is. Step 0 of n means that it has begun. */
export const Progress = z.object({
  step: z.number().nonnegative(),
  steps: z.number().positive(),
  /** What it is doing, e.g. "Faithful". */
  label: z.string(),
  /** Seconds left, once that can be told from the steps done. */
  left: z.number().nonnegative().nullable(),
  /** A small PNG of what there is so far. */
  preview: BlobId.nullable(),
})
export type Progress = z.infer<typeof Progress>

export const Job = z.object({
  id: JobId,
  /** Words for the panel, e.g. `Restoring "Photo"`. */
  label: z.string(),
  command: z.string(),
  status: JobStatus,
  progress: Progress.nullable(),
  fault: Fault.nullable(),
  /** The revision it made. */
  revision: RevisionId.nullable(),
  createdAt: z.int(),
  endedAt: z.int().nullable(),
})
export type Job = z.infer<typeof Job>

/** How the project stands on disk. */
export const ProjectFile = z.object({
  id: ProjectId,
  /** Shown on the tab. */
  title: z.string(),
  /** Null while it lives only in the studio's own folder (unsaved, but safe). */
  path: z.string().nullable(),
  /** True when a damaged file was opened to save what can be saved. */
  readOnly: z.boolean(),
  /** What was lost or repaired on opening, in full sentences. */
  notes: z.array(z.string()),
})
export type ProjectFile = z.infer<typeof ProjectFile>

/** Everything a client needs to show a project. */
export const ProjectState = z.object({
  file: ProjectFile,
  head: Head,
  document: Document,
  revisions: z.array(Revision),
  branches: z.array(Branch),
  jobs: z.array(Job),
  engine: EngineState,
})
export type ProjectState = z.infer<typeof ProjectState>

/** What `watch` tells, in the past tense. The first is always `project.opened`. */
export const StudioEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('project.opened'), state: ProjectState }),
  /** The head moved; `added` is the revision that was made, when one was. */
  z.object({ type: z.literal('head.moved'), head: Head, document: Document, added: Revision.nullable(), branches: z.array(Branch) }),
  z.object({ type: z.literal('revision.changed'), revision: Revision }),
  z.object({ type: z.literal('branches.changed'), branches: z.array(Branch) }),
  z.object({ type: z.literal('job.changed'), job: Job }),
  z.object({ type: z.literal('job.removed'), job: JobId }),
  z.object({ type: z.literal('file.changed'), file: ProjectFile }),
  z.object({ type: z.literal('engine.changed'), engine: EngineState }),
  /** The project was closed; nothing follows. */
  z.object({ type: z.literal('project.closed') }),
])
export type StudioEvent = z.infer<typeof StudioEvent>
