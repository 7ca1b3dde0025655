import { readFileSync } from 'node:fs'
import type { Service } from '../../preload/contract/call.ts'
import type { Catalog } from '../../preload/contract/catalog.ts'
import { ExportFormat } from '../../preload/contract/command.ts'
import { fault } from '../../preload/contract/fault.ts'
import type { ProjectId } from '../../preload/contract/ids.ts'
import type { Studio } from '../../preload/contract/studio.ts'
import { askModels } from './commands/models.ts'
import { superviseEngine } from './engine-supervisor.ts'
import type { StudioHandle, StudioOptions } from './handle.ts'
import { JobQueue } from './jobs/queue.ts'
import { type Lobby, open } from './opening/open.ts'
import { Recents } from './opening/recents.ts'
import { listSamples } from './opening/samples.ts'
import { Uploads } from './opening/uploads.ts'
import { Project, type Surroundings } from './project.ts'
import { runCommand, type Workshop } from './run-command.ts'
import { Serial } from './serial.ts'
import { deleteProject } from './store-keeper.ts'
import { Thumbnailer } from './thumbnails.ts'

/** Starts a studio: the application behind every host. @throws FaultError where its folder cannot be made */
export async function createStudio(options: StudioOptions): Promise<StudioHandle> {
  const engine = superviseEngine(options.startEngine)
  const recents = new Recents(options.dataFolder)
  const uploads = new Uploads(options.dataFolder)
  const projects = new Map<ProjectId, Project>()
  const opening = new Serial()
  let closing = false

  const titleOf = async (method: string) => (await methods()).methods.find(({ id }) => id === method)?.title ?? method
  const queue = new JobQueue(engine, titleOf)
  const thumbnails = new Thumbnailer(engine, () => queue.isBusy)
  const around: Surroundings = { engine: () => engine.state, committed: (project, revision) => thumbnails.want(project, revision) }
  const stopTelling = engine.onState((state) => {
    for (const { audience } of projects.values()) audience.publish({ type: 'engine.changed', engine: state })
  })

  const methods = async (): Promise<Pick<Catalog, 'methods' | 'models'>> => {
    try {
      return await engine.catalogue()
    } catch {
      // The engine's state says why; a studio without an engine still shows its projects.
      return { methods: [], models: [] }
    }
  }
  const noteRecent = ({ file: { id, title, path, readOnly } }: Project) => {
    if (!readOnly) recents.note({ id, title, path, at: Date.now() })
  }
  const lobby: Lobby = {
    engine,
    recents,
    uploads,
    samplesFolder: options.samplesFolder,
    open: projects,
    ownPath: (id) => recents.ownPath(id),
  }
  const workshop: Workshop = {
    engine,
    queue,
    save: { overwrite: options.host === 'electron', isOurs: (path) => recents.isOwn(path), saved: noteRecent },
  }
  const find = (id: ProjectId): Project => {
    const project = projects.get(id)
    if (!project) throw fault('missing', 'The project is not open.', 'It was closed, or never opened here.', 'Open it first.')
    return project
  }

  const close = async (project: Project) => {
    projects.delete(project.id)
    await queue.release(project)
    await thumbnails.release(project)
    await project.close()
    // What was saved from a damaged file and not kept can be saved from it again.
    if (project.file.readOnly && recents.isOwn(project.store.path)) deleteProject(project.store.path)
  }

  const service: Service<Studio> = {
    async catalog() {
      const { methods: known, models } = await methods()
      return {
        version: options.version,
        methods: known,
        models,
        formats: [...ExportFormat.options],
        recents: recents.list(),
        samples: listSamples(options.samplesFolder),
        engine: engine.state,
        host: options.host,
      }
    },
    open: (request, signal) =>
      opening.run(async () => {
        if (closing) throw fault('refused', 'The studio is closing.', 'It was asked to.', 'Start it again.')
        const opened = await open(lobby, request, signal)
        const project = opened instanceof Project ? opened : new Project(opened, around)
        if (project !== opened) {
          projects.set(project.id, project)
          queue.resume(project)
          thumbnails.catchUp(project)
        }
        noteRecent(project)
        return project.state()
      }),
    async close({ project }) {
      await opening.run(() => close(find(project)))
      return {}
    },
    revision: async ({ project, revision }) => ({ document: find(project).store.revisions.document(revision) }),
    run: async function* ({ project, command }, signal) {
      return yield* runCommand(find(project), command, workshop, signal)
    },
    models: (request, signal) => askModels(engine, request, () => queue.isBusy, signal),
    watch: async function* ({ project }, signal) {
      const watched = find(project)
      return yield* watched.audience.listen(() => ({ type: 'project.opened', state: watched.state() }), signal)
    },
  }

  return {
    service,
    blob: (project, id) => projects.get(project)?.stores.stored(id) ?? null,
    async upload(source, { project, limit }) {
      if (project !== null) find(project).refuseIfReadOnly()
      const { upload, path } = await uploads.take(source, limit)
      if (project === null) return { upload, blob: null }
      const into = find(project)
      into.mayHoldGarbage = true
      // In line with commands: while the project is being saved elsewhere, its old file takes nothing in.
      return { upload, blob: await into.exclusive(() => into.store.blobs.put(readFileSync(path))) }
    },
    async [Symbol.asyncDispose]() {
      closing = true
      await thumbnails.stop()
      await opening.run(async () => {
        for (const project of [...projects.values()]) await close(project)
      })
      stopTelling()
      uploads.dropAll()
      await engine[Symbol.asyncDispose]()
    },
  }
}
