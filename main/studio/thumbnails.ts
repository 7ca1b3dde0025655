import type { RevisionId } from '../../preload/contract/ids.ts'
import { perform } from './commands/tasks.ts'
import type { EngineSupervisor } from './engine-supervisor.ts'
import type { Project } from './project.ts'

/** Longest side of a thumbnail, in pixels. */
const SIDE = 96
/** How long it must have been quiet, in milliseconds. */
const QUIET = 400
/** Most revisions without a thumbnail that are caught up with when a project opens. */
const CATCH_UP = 60

/** Makes the small pictures of the history, newest first, while nothing else wants the engine. */
export class Thumbnailer {
  readonly #engine: EngineSupervisor
  readonly #isBusy: () => boolean
  readonly #wanted = new Map<Project, RevisionId[]>()
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> = Promise.resolve()

  /** @param isBusy - does anything more urgent run? */
  constructor(engine: EngineSupervisor, isBusy: () => boolean) {
    this.#engine = engine
    this.#isBusy = isBusy
  }

  /** Takes up a project that was opened. */
  catchUp(project: Project): void {
    const bare = project.store.revisions.list().filter(({ thumbnail }) => thumbnail === null)
    for (const { id } of bare.slice(-CATCH_UP)) this.want(project, id)
  }

  want(project: Project, id: RevisionId): void {
    const ids = this.#wanted.get(project) ?? []
    this.#wanted.set(project, ids)
    ids.push(id)
    this.#wait()
  }

  /** Forgets a project; resolves when nothing is being made any more. */
  async release(project: Project): Promise<void> {
    this.#wanted.delete(project)
    await this.#work
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#wanted.clear()
    this.#abort.abort()
    await this.#work
  }

  #wait() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#work = this.#work.then(() => this.#makeOne())
    }, QUIET)
    // Thumbnails never keep a process alive.
    this.#timer.unref()
  }

  async #makeOne(): Promise<void> {
    const next = [...this.#wanted].find(([, ids]) => ids.length > 0)
    if (!next || this.#abort.signal.aborted) return
    const [project, ids] = next
    if (this.#isBusy() || project.isBusy) return this.#wait()
    const id = ids.pop()!
    try {
      using store = project.stores.borrow()
      const document = project.store.revisions.document(id)
      const { blob } = await perform(
        this.#engine,
        store.path,
        { type: 'thumbnail', document, side: SIDE },
        AbortSignal.any([this.#abort.signal, project.closing.signal]),
      )
      await project.exclusive(() => {
        store.adopt([blob])
        project.keepThumbnail(id, blob)
      })
    } catch {
      // A history row without a picture is still a history row.
    }
    if (this.#wanted.size > 0) this.#timer = setTimeout(() => (this.#work = this.#work.then(() => this.#makeOne())), 0).unref()
  }
}
