import type { Document } from '../../preload/contract/document.ts'
import { fault } from '../../preload/contract/fault.ts'
import type { BlobId, BranchId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import type { EngineState, Job, ProjectFile, ProjectState, Revision } from '../../preload/contract/index.ts'
import type { ProjectStore } from '../store/project-file.ts'
import type { Change, Place } from '../store/revisions.ts'
import { Audience } from './audience.ts'
import { EMPTY_MASK_BYTES } from './document/masks.ts'
import { headOf, nextBranchName, type Tree } from './history/tree.ts'
import { Serial } from './serial.ts'
import { StoreKeeper } from './store-keeper.ts'

/** What a project begins with. */
export interface ProjectOrigin {
  readonly store: ProjectStore
  /** Where the artist keeps it; null while it lives in the studio's own folder. */
  readonly path: string | null
  readonly readOnly: boolean
  readonly notes: readonly string[]
}

/** What a project is told by, and tells. */
export interface Surroundings {
  readonly engine: () => EngineState
  readonly committed: (project: Project, revision: RevisionId) => void
}

/** A project that is open: its file, its picture, who watches it. Every change of it goes through here and is on the disk when it is told. */
export class Project {
  readonly id: ProjectId
  readonly audience = new Audience()
  readonly #serial = new Serial()
  readonly stores: StoreKeeper
  /** Jobs that were not dismissed, oldest first. */
  readonly jobs: Map<number, Job>
  /** What the artist should know of a job that has ended well. */
  readonly jobNotes = new Map<number, readonly string[]>()
  document: Document
  tree: Tree
  #file: ProjectFile
  readonly #around: Surroundings
  readonly #parents: Map<RevisionId, RevisionId | null>
  readonly #origins: Map<RevisionId, BranchId>
  /** Aborts what only reads the project, when it closes. */
  readonly closing = new AbortController()
  /** Were blobs written that no revision may lead to? Previews, exports, uploads, work that was cut short. */
  mayHoldGarbage = false
  #jobWaiters: (() => void)[] = []
  #isClosed = false

  constructor({ store, path, readOnly, notes }: ProjectOrigin, around: Surroundings) {
    this.id = store.id()
    this.stores = new StoreKeeper(store)
    this.#around = around
    this.#file = { id: this.id, title: store.title(), path, readOnly, notes: [...notes] }
    this.jobs = new Map(store.jobs.list().map((job) => [job.id, job]))
    const revisions = store.revisions.list()
    this.#parents = new Map(revisions.map(({ id, parent }) => [id, parent]))
    this.#origins = new Map(revisions.map(({ id, branch }) => [id, branch]))
    this.tree = {
      parents: this.#parents,
      origins: this.#origins,
      branches: store.revisions.branches(),
      head: store.revisions.head(),
    }
    this.document = store.revisions.document(this.tree.head.revision)
  }

  /** True while a command runs or waits. */
  get isBusy(): boolean {
    return this.#serial.isBusy
  }

  /** Runs a command's work when those before it have ended. @throws FaultError `missing` when the project was closed meanwhile */
  exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#serial.run(() => {
      if (this.#isClosed) throw fault('missing', 'The project is not open.', 'It was closed meanwhile.', 'Open it again.')
      return work()
    })
  }

  get store(): ProjectStore {
    return this.stores.current
  }

  get file(): ProjectFile {
    return this.#file
  }

  setFile(change: Partial<ProjectFile>): void {
    this.#file = { ...this.#file, ...change }
    this.audience.publish({ type: 'file.changed', file: this.#file })
  }

  state(): ProjectState {
    return {
      file: this.#file,
      head: headOf(this.tree),
      document: this.document,
      revisions: this.store.revisions.list(),
      branches: [...this.tree.branches],
      jobs: [...this.jobs.values()],
      engine: this.#around.engine(),
    }
  }

  /** @throws FaultError `refused` */
  refuseIfReadOnly(): void {
    if (!this.#file.readOnly) return
    throw fault(
      'refused',
      'The project cannot be changed here.',
      'It was opened from a file that is damaged or may only be read.',
      'Save it elsewhere with "Save as", and go on there.',
    )
  }

  /** Adds a revision after the head and moves there; the one way for a picture to change. @throws FaultError `full`, `refused` */
  commit(change: Omit<Change, 'at' | 'variation'>): RevisionId {
    this.refuseIfReadOnly()
    const { store } = this
    const variation = nextBranchName(this.tree.branches)
    const place = store.database.transaction(() => {
      if (change.document.layers.some(({ mask }) => mask)) store.blobs.put(EMPTY_MASK_BYTES)
      return store.revisions.commit({ ...change, at: Date.now(), variation })
    })
    const added = store.revisions.one(place.revision)
    this.document = change.document
    this.#parents.set(added.id, added.parent)
    this.#origins.set(added.id, added.branch)
    this.tree = { ...this.tree, branches: store.revisions.branches(), head: place }
    this.#tellHead(added)
    this.#around.committed(this, place.revision)
    return place.revision
  }

  /** Goes somewhere in the history. */
  move(place: Place): void {
    const document = this.store.revisions.document(place.revision)
    this.store.revisions.moveHead(place)
    this.document = document
    this.tree = { ...this.tree, head: place }
    this.#tellHead(null)
  }

  nameVersion(id: RevisionId, name: string | null): void {
    this.store.revisions.nameVersion(id, name)
    this.audience.publish({ type: 'revision.changed', revision: this.store.revisions.one(id) })
  }

  nameBranch(id: BranchId, name: string): void {
    this.store.revisions.nameBranch(id, name)
    this.tree = { ...this.tree, branches: this.store.revisions.branches() }
    this.audience.publish({ type: 'branches.changed', branches: [...this.tree.branches] })
  }

  keepThumbnail(id: RevisionId, blob: BlobId): void {
    this.store.revisions.keepThumbnail(id, blob)
    this.audience.publish({ type: 'revision.changed', revision: this.store.revisions.one(id) })
  }

  /** Tells a job's state; with `keep`, also writes it to the file. */
  tellJob(job: Job, keep = true): void {
    this.jobs.set(job.id, job)
    this.audience.publish({ type: 'job.changed', job })
    this.#wakeJobWaiters()
    if (keep) this.store.jobs.keep(job)
  }

  /** Resolves when any job changes, or the project closes. */
  jobChanged(): Promise<void> {
    return new Promise((resolve) => this.#jobWaiters.push(resolve))
  }

  removeJob(job: Job): void {
    this.store.jobs.remove(job.id)
    this.jobs.delete(job.id)
    this.#wakeJobWaiters()
    this.audience.publish({ type: 'job.removed', job: job.id })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Lets the commands that were asked for end, then ends everybody's watching and closes the file. Its jobs must have been let go of. */
  async close(): Promise<void> {
    await this.#serial.run(() => {
      this.#isClosed = true
    })
    this.closing.abort()
    await this.stores.idle()
    this.#wakeJobWaiters()
    this.audience.close()
    try {
      if (this.mayHoldGarbage) this.store.collect()
    } catch {
      // What cannot be collected today takes space and harms nothing.
    }
    this.stores.close()
  }

  #wakeJobWaiters() {
    for (const wake of this.#jobWaiters.splice(0)) wake()
  }

  #tellHead(added: Revision | null) {
    this.audience.publish({
      type: 'head.moved',
      head: headOf(this.tree),
      document: this.document,
      added,
      branches: [...this.tree.branches],
    })
  }
}
