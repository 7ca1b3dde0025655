import { existsSync, realpathSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { saveProjectAs } from '../../store/save-as.ts'
import type { Project } from '../project.ts'
import { absolutePath } from './absolute-path.ts'

export const EXTENSION = '.palimpsest'

export interface SavePolicy {
  /** May a file that lies there be replaced? Only where a dialog has asked. */
  readonly overwrite: boolean
  /** Is this path in the studio's own folder, where nothing outlives its use? */
  readonly isOurs: (path: string) => boolean
}

/** Moves a project to a file of the artist's choosing and goes on there. Saving it where it lives does nothing. @throws FaultError */
export async function saveProject(project: Project, path: string, { overwrite, isOurs }: SavePolicy, signal: AbortSignal): Promise<void> {
  const target = absolutePath(extname(path) === EXTENSION ? path : path + EXTENSION)
  if (existsSync(target) && realpathSync(target) === project.store.path) return
  const title = basename(target, EXTENSION)
  const next = await saveProjectAs(project.store, target, { title, overwrite }, signal)
  // Jobs go on meanwhile, and may end or be dismissed.
  next.jobs.keepOnly([...project.jobs.values()])
  project.stores.moveTo(next, isOurs(project.store.path))
  project.setFile({ path: next.path, title, readOnly: false, notes: [] })
}
