import { DISCONNECTED } from '../../preload/contract/call.ts'
import type { Command, CommandResult, JobCommand, LayerCommand, PixelCommand } from '../../preload/contract/command.ts'
import type { Job } from '../../preload/contract/event.ts'
import { FaultError, fault } from '../../preload/contract/fault.ts'
import type { JobId, RevisionId } from '../../preload/contract/ids.ts'
import { exportPicture } from './commands/export.ts'
import { runHistoryCommand } from './commands/history.ts'
import { applyPixelCommand } from './commands/pixels.ts'
import { showRegion } from './commands/region.ts'
import { type SavePolicy, saveProject } from './commands/save.ts'
import { applyLayerCommand } from './document/apply.ts'
import { newLayerId } from './document/layer.ts'
import type { EngineSupervisor } from './engine-supervisor.ts'
import { type JobPlan, planRestore } from './jobs/plan.ts'
import { planImagine } from './jobs/plan-imagine.ts'
import type { JobQueue } from './jobs/queue.ts'
import { planRerun } from './jobs/rerun.ts'
import { hasEnded } from './jobs/status.ts'
import { labelOf } from './labels.ts'
import type { Project } from './project.ts'

/** What commands need besides their project. */
export interface Workshop {
  readonly engine: EngineSupervisor
  readonly queue: JobQueue
  readonly save: SavePolicy & { readonly saved: (project: Project) => void }
}

const NOTHING: CommandResult = { revision: null, job: null, file: null, notes: [] }

/** The one door for every change: runs a command on a project, one at a time, and tells what it left. Long ones yield their job. */
export async function* runCommand(
  project: Project,
  command: Command,
  workshop: Workshop,
  asked: AbortSignal,
): AsyncGenerator<Job, CommandResult, void> {
  const signal = explicit(asked)
  switch (command.type) {
    case 'layer.add':
    case 'layer.duplicate':
    case 'layer.remove':
    case 'layer.reorder':
    case 'layer.set':
    case 'layer.translate':
    case 'document.frame':
    case 'mask.add':
    case 'mask.set':
    case 'mask.remove':
      return await project.exclusive(() => changeLayers(project, named(command)))
    case 'stroke.paint':
    case 'picture.place':
      return await project.exclusive(() => changePixels(project, command, workshop.engine, signal))
    case 'layer.restore':
    case 'picture.imagine':
    case 'revision.rerun':
      return yield* runLong(project, command, workshop.queue, signal)
    case 'history.undo':
    case 'history.redo':
    case 'history.jump':
    case 'version.name':
    case 'branch.name':
      return await project.exclusive(() => ({ ...NOTHING, revision: runHistoryCommand(project, command) }))
    case 'picture.export':
      return { ...NOTHING, ...(await exportPicture(project, workshop.engine, command, signal)) }
    case 'region.show':
      return { ...NOTHING, ...(await showRegion(project, workshop.engine, command, signal)) }
    case 'project.save':
      await project.exclusive(() => saveProject(project, command.path, workshop.save, signal))
      workshop.save.saved(project)
      return NOTHING
    case 'job.cancel':
      await workshop.queue.cancel(project, command.job)
      return { ...NOTHING, job: command.job }
    case 'job.dismiss':
      dismiss(project, command.job)
      return { ...NOTHING, job: command.job }
    default:
      return command satisfies never
  }
}

/** Aborts when somebody says so, and not when the caller is merely gone: a page that reloads loses neither its stroke nor its job. */
function explicit(signal: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const pass = () => {
    if (signal.reason !== DISCONNECTED) controller.abort(signal.reason)
  }
  if (signal.aborted) pass()
  else signal.addEventListener('abort', pass, { once: true })
  return controller.signal
}

/** The command with the ids it leaves to us, so that what is stored says all. */
function named(command: LayerCommand): LayerCommand {
  if (command.type === 'layer.add') return { ...command, layer: command.layer ?? newLayerId() }
  if (command.type === 'layer.duplicate') return { ...command, copy: command.copy ?? newLayerId() }
  return command
}

function changeLayers(project: Project, command: LayerCommand): CommandResult {
  project.refuseIfReadOnly()
  const before = project.document
  const document = applyLayerCommand(before, command)
  // A change to what is so already makes no revision.
  if (JSON.stringify(document) === JSON.stringify(before)) return { ...NOTHING, revision: project.tree.head.revision }
  return { ...NOTHING, revision: project.commit({ document, command, label: labelOf(command, before) }) }
}

async function changePixels(
  project: Project,
  command: PixelCommand,
  engine: EngineSupervisor,
  signal: AbortSignal,
): Promise<CommandResult> {
  project.refuseIfReadOnly()
  signal.throwIfAborted()
  if (command.type === 'picture.place') project.mayHoldGarbage = true
  const { document, notes } = await applyPixelCommand(project, engine, command, signal)
  const revision = project.commit({ document, command, label: labelOf(command, project.document) })
  return { ...NOTHING, revision, notes: [...notes] }
}

async function* runLong(
  project: Project,
  command: JobCommand,
  queue: JobQueue,
  signal: AbortSignal,
): AsyncGenerator<Job, CommandResult, void> {
  const { id } = await project.exclusive(() => {
    project.refuseIfReadOnly()
    signal.throwIfAborted()
    return queue.add(project, planOf(project, command))
  })
  const cancel = () => {
    const job = project.jobs.get(id)
    if (job && !hasEnded(job) && !project.isClosed) void queue.cancel(project, id).catch(() => {})
  }
  signal.addEventListener('abort', cancel)
  try {
    const { job, notes } = yield* queue.follow(project, id)
    return { ...NOTHING, revision: successOf(job), job: id, notes: [...notes] }
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}

function planOf(project: Project, command: JobCommand): JobPlan {
  switch (command.type) {
    case 'layer.restore':
      return planRestore(project, command)
    case 'picture.imagine':
      return planImagine(project, command)
    case 'revision.rerun':
      return planRerun(project, command)
    default:
      return command satisfies never
  }
}

function successOf(job: Job): RevisionId | null {
  if (job.status === 'done') return job.revision
  if (job.fault) throw new FaultError(job.fault)
  throw fault('cancelled', 'Cancelled.', 'The job was stopped before its end.', 'Run it again when you like.')
}

function dismiss(project: Project, id: JobId) {
  const job = project.jobs.get(id)
  if (!job) throw fault('missing', 'That job is not there.', 'It was dismissed already, or never asked for.', 'Look at the list of jobs.')
  if (!hasEnded(job))
    throw fault('refused', 'The job is still under way.', 'Only jobs that have ended can be dismissed.', 'Cancel it first.')
  project.removeJob(job)
}
