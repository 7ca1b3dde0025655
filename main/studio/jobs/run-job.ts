import type { Job, Progress } from '../../../preload/contract/event.ts'
import { fault, toFault } from '../../../preload/contract/fault.ts'
import type { JobId } from '../../../preload/contract/ids.ts'
import type { TaskOf, TaskResultOf } from '../../engine/contract.ts'
import { steps } from '../commands/tasks.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'
import { labelOf } from '../labels.ts'
import type { Project } from '../project.ts'
import { compareRuns, landRestore } from './landing.ts'
import { RestorePlan } from './plan.ts'
import { CANCELLED, CLOSING, interrupted } from './status.ts'

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
    const { width, height, pixels, method, params, seed } = plan
    const task: TaskOf<'restore'> = { type: 'restore', pixels, width, height, method, params, seed }
    let kept = Date.now()
    const work = steps(engine, store.path, task, signal)
    const result = await each(work, (progress) => {
      const keep = Date.now() - kept > KEEP_EVERY
      if (keep) kept = Date.now()
      tell({ progress }, keep)
    })
    const title = await titleOf(method)
    await project.exclusive(() => {
      // Cancelled after the last step, before it landed.
      if (signal.aborted) throw fault('cancelled', 'Cancelled.', 'It was stopped.', 'Run it again when you like.')
      store.adopt(result.layers.map((layer) => layer.pixels.index))
      project.jobNotes.set(id, [...result.notes, ...compareRuns(plan, result)])
      land(project, job(), plan, result, title)
    })
  } catch (thrown) {
    const { reason } = signal as { reason: unknown }
    if (reason === CLOSING) tell(interrupted(job()))
    else if (reason === CANCELLED) tell({ status: 'cancelled', endedAt: Date.now() })
    else tell({ status: 'failed', fault: toFault(thrown), endedAt: Date.now() })
  }
}

function land(project: Project, job: Job, plan: RestorePlan, result: TaskResultOf<'restore'>, title: string) {
  const document = landRestore(project.document, plan, result)
  const progress = job.progress && { ...job.progress, step: job.progress.steps, left: 0 }
  const label = labelOf(plan.command, project.document, title)
  const kept = progress && JSON.stringify(progress)
  const revision = project.commit({ document, command: plan.command, label, job: { id: job.id, progress: kept } })
  project.tellJob({ ...job, status: 'done', progress, revision, endedAt: Date.now() }, false)
}

function readPlan(value: unknown): RestorePlan {
  const plan = RestorePlan.safeParse(value)
  if (plan.success) return plan.data
  throw fault('damaged', 'The job cannot be run.', 'What it was asked for cannot be read any more.', 'Ask for it again.')
}

async function each(work: AsyncGenerator<Progress, TaskResultOf<'restore'>, void>, tell: (progress: Progress) => void) {
  for (;;) {
    const next = await work.next()
    if (next.done) return next.value
    tell(next.value)
  }
}
