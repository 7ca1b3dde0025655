import { randomUUID } from 'node:crypto'
import type { Document } from '../../../preload/contract/document.ts'
import type { ProjectId } from '../../../preload/contract/ids.ts'
import type { OpenRequest } from '../../../preload/contract/studio.ts'
import { lockProject } from '../../store/lock.ts'
import { createProject, type ProjectStore } from '../../store/project-file.ts'
import { CREATE } from '../../store/revisions.ts'
import { perform } from '../commands/tasks.ts'
import { carriedRecipe, emptyLayer, newLayerId } from '../document/layer.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'
import { nextBranchName } from '../history/tree.ts'
import type { ProjectOrigin } from '../project.ts'
import { deleteProject } from '../store-keeper.ts'

type FromSize = Extract<OpenRequest, { from: 'size' }>

/** Where new projects are made, and by whom. */
export interface Nursery {
  readonly engine: EngineSupervisor
  readonly ownPath: (id: ProjectId) => string
}

/** A project with an empty picture. @throws FaultError `full`, `engine` */
export function createFromSize(
  nursery: Nursery,
  { title, width, height, background }: FromSize,
  signal: AbortSignal,
): Promise<ProjectOrigin> {
  return create(nursery, title ?? 'Untitled', 'New picture', async (store) => {
    const layer = emptyLayer(newLayerId(), background ? 'Background' : 'Layer 1')
    const filled = background && (await perform(nursery.engine, store.path, { type: 'fill', width, height, color: background }, signal))
    const layers = [filled ? { ...layer, pixels: filled.pixels } : layer]
    return { document: { width, height, layers, profile: null, exif: null }, notes: [] }
  })
}

/** A project with a picture file on its one layer. @throws FaultError of reading the picture, `full`, `engine` */
export function createFromPicture(nursery: Nursery, path: string, title: string, signal: AbortSignal): Promise<ProjectOrigin> {
  return create(nursery, title, `Open ${title}`, async (store) => {
    const task = { type: 'place', source: { path } } as const
    const { pixels, width, height, profile, exif, settings, notes } = await perform(nursery.engine, store.path, task, signal)
    const layer = { ...emptyLayer(newLayerId(), title), pixels, recipe: settings && carriedRecipe(settings) }
    return { document: { width, height, layers: [layer], profile, exif }, notes }
  })
}

async function create(
  { ownPath }: Nursery,
  title: string,
  label: string,
  begin: (store: ProjectStore) => Promise<{ document: Document; notes: readonly string[] }>,
): Promise<ProjectOrigin> {
  const id = randomUUID() as ProjectId
  const path = ownPath(id)
  const store = createProject(path, { id, title }, lockProject(path))
  try {
    const { document, notes } = await begin(store)
    store.revisions.commit({ document, command: { type: CREATE }, label, at: Date.now(), variation: nextBranchName([]) })
    return { store, path: null, readOnly: false, notes }
  } catch (thrown) {
    store[Symbol.dispose]()
    deleteProject(path)
    throw thrown
  }
}
