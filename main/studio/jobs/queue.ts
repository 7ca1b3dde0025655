import type { Job } from '../../../preload/contract/event.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { JobId } from '../../../preload/contract/ids.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'
import type { Project } from '../project.ts'
import type { JobPlan } from './plan.ts'
import { runJob } from './run-job.ts'
import { CANCELLED, CLOSING, hasEnded, interrupted } from './status.ts'
import { jobLabel } from './words.ts'

interface Entry {
  readonly project: Project
  readonly id: JobId
}
interface Running extends Entry {
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/** What came of a job, and what the artist should know. */
export interface JobOutcome {
  readonly job: Job
  readonly notes: readonly string[]
}

/** The jobs of every open project: one runs at a time, oldest first. Their rows outlive the process. */
export class JobQueue {
  readonly #engine: EngineSupervisor
  readonly #titleOf: (method: string) => Promise<string>
  #waiting: Entry[] = []
  #running: Running | null = null

  /** @param titleOf - the title of a method by its id */
  constructor(engine: EngineSupervisor, titleOf: (method: string) => Promise<string>) {
    this.#engine = engine
    this.#titleOf = titleOf
  }

  get isBusy(): boolean {
    return this.#running !== null || this.#waiting.length > 0
  }

  /** Takes up the jobs a project file remembers: those that were running have been interrupted, those that waited go on waiting. */
  resume(project: Project): void {
    for (const job of project.jobs.values()) {
      if (job.status === 'running') project.tellJob(interrupted(job))
      else if (job.status === 'queued') this.#enqueue(project, job.id)
    }
  }

  /** On the disk when it returns. @throws FaultError `full` */
  add(project: Project, plan: JobPlan): Job {
    const job = project.store.jobs.add({ label: jobLabel(plan), kind: plan.command.type, plan, at: Date.now() })
    project.tellJob(job, false)
    this.#enqueue(project, job.id)
    return job
  }

  /** The states of a job from now on (the newest, where they change faster than they are taken), then what came of it. */
  async *follow(project: Project, id: JobId): AsyncGenerator<Job, JobOutcome, void> {
    for (let seen: Job | undefined; ; ) {
      const job = project.jobs.get(id)
      if (!job || (project.isClosed && !hasEnded(job)))
        throw fault('cancelled', 'The project was closed.', 'The job waits in its file.', 'Open the project to let it run.')
      if (hasEnded(job)) return { job, notes: project.jobNotes.get(id) ?? [] }
      if (job === seen) await project.jobChanged()
      else yield (seen = job)
    }
  }

  /** Ends a job; resolves when it has ended. @throws FaultError `missing`, `refused` where it has ended already */
  async cancel(project: Project, id: JobId): Promise<void> {
    const job = project.jobs.get(id)
    if (!job) throw fault('missing', 'That job is not there.', 'It was dismissed, or never asked for.', 'Look at the list of jobs.')
    if (hasEnded(job)) throw fault('refused', 'The job cannot be stopped.', 'It has ended already.', 'Undo what it did, if you like.')
    const running = this.#running
    if (running?.project === project && running.id === id) {
      running.abort.abort(CANCELLED)
      await running.ended
      return
    }
    this.#waiting = this.#waiting.filter((entry) => entry.project !== project || entry.id !== id)
    project.tellJob({ ...job, status: 'cancelled', endedAt: Date.now() })
  }

  /** Lets go of a project: its running job is interrupted, its waiting ones stay in the file. */
  async release(project: Project): Promise<void> {
    this.#waiting = this.#waiting.filter((entry) => entry.project !== project)
    if (this.#running?.project !== project) return
    this.#running.abort.abort(CLOSING)
    await this.#running.ended
  }

  #enqueue(project: Project, id: JobId) {
    this.#waiting.push({ project, id })
    queueMicrotask(() => this.#next())
  }

  #next() {
    if (this.#running) return
    const entry = this.#waiting.shift()
    if (!entry) return
    const { project, id } = entry
    const abort = new AbortController()
    const ended = runJob(project, id, this.#engine, this.#titleOf, abort.signal).then(() => {
      this.#running = null
      this.#next()
    })
    this.#running = { ...entry, abort, ended }
  }
}
