import { z } from 'zod'
import { Job, Progress } from '../../preload/contract/event.ts'
import { Fault } from '../../preload/contract/fault.ts'
import type { JobId } from '../../preload/contract/ids.ts'
import type { Database } from './database.ts'

/** A job to be remembered. `plan` is JSON of whatever its kind needs to run, now or after a restart. */
export interface NewJob {
  readonly label: string
  readonly kind: string
  readonly plan: unknown
  readonly at: number
}

/** The jobs of a project file. A row outlives the process; what becomes of a running one is decided on opening. */
export interface Jobs {
  /** Oldest first. */
  list(): Job[]
  plan(id: JobId): unknown
  add(job: NewJob): Job
  /** Writes a job's status, progress, fault and end. */
  keep(job: Job): void
  remove(id: JobId): void
  /** Makes the rows say what these jobs say, and removes those of others. */
  keepOnly(jobs: readonly Job[]): void
}

interface JobRow {
  readonly id: number
  readonly label: string
  readonly kind: string
  readonly status: string
  readonly progress: string | null
  readonly fault: string | null
  readonly revision: number | null
  readonly created_at: number
  readonly ended_at: number | null
}

export function jobsOf(database: Database): Jobs {
  const jobs: Jobs = {
    list: () => database.all<JobRow>('SELECT * FROM jobs ORDER BY id').flatMap(toJob),
    plan(id) {
      const row = database.get<{ plan: string }>('SELECT plan FROM jobs WHERE id = ?', id)
      return row ? parseJson(row.plan) : null
    },
    add({ label, kind, plan, at }) {
      const { inserted } = database.run(
        "INSERT INTO jobs (label, kind, plan, status, created_at) VALUES (?, ?, ?, 'queued', ?)",
        ...[label, kind, JSON.stringify(plan), at],
      )
      return {
        id: inserted as JobId,
        label,
        command: kind,
        status: 'queued',
        progress: null,
        fault: null,
        revision: null,
        createdAt: at,
        endedAt: null,
      }
    },
    keep: (job) =>
      void database.run(
        'UPDATE jobs SET status = ?, progress = ?, fault = ?, revision = ?, ended_at = ? WHERE id = ?',
        ...[job.status, json(job.progress), json(job.fault), job.revision, job.endedAt, job.id],
      ),
    remove: (id) => void database.run('DELETE FROM jobs WHERE id = ?', id),
    keepOnly: (kept) =>
      database.transaction(() => {
        for (const { id } of jobs.list()) if (!kept.some((job) => job.id === id)) jobs.remove(id)
        for (const job of kept) jobs.keep(job)
      }),
  }
  return jobs
}

const json = (value: Progress | Fault | null): string | null => value && JSON.stringify(value)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A row that cannot be read is left out: a job is never worth refusing the project for. */
function toJob(row: JobRow): Job[] {
  const parsed = Job.safeParse({
    id: row.id,
    label: row.label,
    command: row.kind,
    status: row.status,
    progress: row.progress === null ? null : z.nullable(Progress).catch(null).parse(parseJson(row.progress)),
    fault: row.fault === null ? null : z.nullable(Fault).catch(null).parse(parseJson(row.fault)),
    revision: row.revision,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  })
  return parsed.success ? [parsed.data] : []
}
