import type { Job, Progress } from '../../../preload/contract/event.ts'
import { fault, toFault } from '../../../preload/contract/fault.ts'
import type { JobId } from '../../../preload/contract/ids.ts'
import { steps } from '../commands/tasks.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'
import { shiftBetween } from '../history/frames.ts'
import type { Project } from '../project.ts'
import { land } from './landing.ts'
import { JobPlan, type JobResult, taskOf } from './plan.ts'
import { compareRuns } from './rerun.ts'
import { CANCELLED, CLOSING, interrupted } from './status.ts'
import { historyLabel } from './words.ts'

/** Progress is written to the file this often at most, in milliseconds; listeners hear all of it. */
const KEEP_EVERY = 2000

/** Runs one job to its end, whatever that is, and lands its result as a revision. Never throws. */
export async function runJob(
  project: Project,
  id: JobId,
  engine: EngineSupervisor,
  titleOf: (method: string) => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const job = (): Job => project.jobs.get(id)!
  const tell = (change: Partial<Job>, keep = true) => {
    try {
      project.tellJob({ ...job(), ...change }, keep)
    } catch {
      // A full disk keeps the row as it was; on the next opening the job counts as interrupted, which is true enough.
    }
  }
  try {
    const plan = readPlan(project.store.jobs.plan(id))
    project.mayHoldGarbage = true
    tell({ status: 'running', progress: { step: 0, steps: 1, label: 'Starting', left: null, preview: null } })
    using store = project.stores.borrow()
    let kept = Date.now()
    const work = steps<'restore' | 'imagine'>(engine, store.path, taskOf(plan), signal)
    const result = await each(work, (progress) => {
      const keep = Date.now() - kept > KEEP_EVERY
      if (keep) kept = Date.now()
      tell({ progress }, keep)
    })
    const title = await titleOf(plan.method)
    await project.exclusive(() => {
      // Cancelled after the last step, before it landed.
      if (signal.aborted) throw fault('cancelled', 'Cancelled.', 'It was stopped.', 'Run it again when you like.')
      store.adopt(result.layers.map((layer) => layer.pixels.index))
      project.jobNotes.set(id, [...result.notes, ...compareRuns(plan, result)])
      commit(project, job(), plan, result, title)
    })
  } catch (thrown) {
    const { reason } = signal as { reason: unknown }
    if (reason === CLOSING) tell(interrupted(job()))
    else if (reason === CANCELLED) tell({ status: 'cancelled', endedAt: Date.now() })
    else tell({ status: 'failed', fault: toFault(thrown), endedAt: Date.now() })
  }
}

function commit(project: Project, job: Job, plan: JobPlan, result: JobResult, title: string) {
  const { store, tree } = project
  const shift = plan.at === null ? { dx: 0, dy: 0 } : shiftBetween(store.revisions, tree, plan.at, tree.head.revision)
  const document = land(project.document, plan, result, shift)
  const progress = job.progress && { ...job.progress, step: job.progress.steps, left: 0 }
  const label = historyLabel(plan, title)
  const kept = progress && JSON.stringify(progress)
  const revision = project.commit({ document, command: plan.command, label, job: { id: job.id, progress: kept } })
  project.tellJob({ ...job, status: 'done', progress, revision, endedAt: Date.now() }, false)
}

function readPlan(value: unknown): JobPlan {
  const plan = JobPlan.safeParse(value)
  if (plan.success) return plan.data
  throw fault('damaged', 'The job cannot be run.', 'What it was asked for cannot be read any more.', 'Ask for it again.')
}

async function each(work: AsyncGenerator<Progress, JobResult, void>, tell: (progress: Progress) => void) {
  for (;;) {
    const next = await work.next()
    if (next.done) return next.value
    tell(next.value)
  }
}
