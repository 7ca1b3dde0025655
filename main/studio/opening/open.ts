import { randomUUID } from 'node:crypto'
import { existsSync, realpathSync, renameSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import type { ProjectId } from '../../../preload/contract/ids.ts'
import type { OpenRequest } from '../../../preload/contract/studio.ts'
import { fileFault } from '../../store/file-fault.ts'
import { openProject } from '../../store/open-project.ts'
import { recognise } from '../../store/recognise.ts'
import { EXTENSION } from '../commands/save.ts'
import type { Project, ProjectOrigin } from '../project.ts'
import { createFromPicture, createFromSize, type Nursery } from './create.ts'
import type { Recents } from './recents.ts'
import { findSample } from './samples.ts'
import type { Uploads } from './uploads.ts'

/** What opening looks at. */
export interface Lobby extends Nursery {
  readonly recents: Recents
  readonly uploads: Uploads
  readonly samplesFolder: string
  /** The projects that are open. */
  readonly open: ReadonlyMap<ProjectId, Project>
}

/** A project as it begins, or the open one that was meant. @throws FaultError */
export async function open(lobby: Lobby, request: OpenRequest, signal: AbortSignal): Promise<ProjectOrigin | Project> {
  switch (request.from) {
    case 'size':
      return await createFromSize(lobby, request, signal)
    case 'path':
      return await openPath(lobby, request.path, signal)
    case 'recent': {
      const already = lobby.open.get(request.project)
      const recent = lobby.recents.list().find(({ id }) => id === request.project)
      if (already) return already
      if (!recent)
        throw fault('missing', 'That project is not there any more.', 'Its file was moved or deleted.', 'Look for it on your disk.')
      return await openProjectAt(lobby, lobby.recents.pathOf(recent), recent.path)
    }
    case 'sample': {
      const { path, title } = findSample(lobby.samplesFolder, request.sample)
      return await createFromPicture(lobby, path, title, signal)
    }
    case 'upload':
      return await openUpload(lobby, request.upload, request.name, signal)
    default:
      return request satisfies never
  }
}

async function openPath(lobby: Lobby, given: string, signal: AbortSignal): Promise<ProjectOrigin | Project> {
  const path = realPath(given)
  // Before looking into the file: see `recognise`.
  for (const project of lobby.open.values()) if (project.store.path === path || project.file.path === path) return project
  if (isProject(path, path)) return await openProjectAt(lobby, path, lobby.recents.isOwn(path) ? null : path)
  return await createFromPicture(lobby, path, titleOf(path), signal)
}

/** A dropped project is a copy: it becomes a project of its own. */
async function openUpload(lobby: Lobby, upload: string, name: string, signal: AbortSignal): Promise<ProjectOrigin> {
  const path = lobby.uploads.pathOf(upload)
  const title = titleOf(name)
  try {
    if (!isProject(path, name)) return await createFromPicture(lobby, path, title, signal)
    const id = randomUUID() as ProjectId
    renameSync(path, lobby.ownPath(id))
    const { store, notes } = await openProject(lobby.ownPath(id), lobby.ownPath(randomUUID() as ProjectId))
    store.setId(id)
    store.setTitle(title)
    return { store, path: null, readOnly: false, notes }
  } finally {
    lobby.uploads.drop(upload)
  }
}

async function openProjectAt(lobby: Lobby, path: string, shown: string | null): Promise<ProjectOrigin> {
  const opened = await openProject(path, lobby.ownPath(randomUUID() as ProjectId))
  const { store } = opened
  // In the studio's own folder a project is found by its file's name.
  const own = lobby.recents.idOfOwn(path)
  if (own) store.setId(own)
  else if (isCopy(lobby, store.id(), path)) store.setId(randomUUID() as ProjectId)
  return { ...opened, path: shown }
}

/** Does another file that is still there go by the same id? */
function isCopy(lobby: Lobby, id: ProjectId, path: string): boolean {
  if (lobby.open.has(id)) return true
  const known = lobby.recents.list().find((recent) => recent.id === id)
  return known !== undefined && realPath(lobby.recents.pathOf(known)) !== path
}

/** By content; by name only where the content says nothing. */
function isProject(path: string, name: string): boolean {
  const content = recognise(path)
  return content === 'project' || content === 'foreign' || extname(name) === EXTENSION
}

/** The name of a file without its ending, no longer than a layer's may be. */
const titleOf = (name: string): string => basename(name, extname(name)).slice(0, 200) || 'Untitled'

function realPath(path: string): string {
  if (!existsSync(path))
    throw fault('missing', 'The file is not there.', `Nothing was found at "${path}".`, 'Look for it elsewhere, or check the name.')
  try {
    return realpathSync(path)
  } catch (thrown) {
    throw fileFault(path, thrown)
  }
}
