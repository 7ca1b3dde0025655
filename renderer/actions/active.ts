import type { Layer } from '../../preload/contract/document.ts'
import type { Job, ProjectState } from '../../preload/contract/event.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'

/** What actions work on, read when they run. */

export const project = (): ProjectState | null => useProject.getState().state

export const hasProject = (): boolean => project() !== null

export function activeLayer(): Layer | null {
  const id = useView.getState().layer
  return project()?.document.layers.find((layer) => layer.id === id) ?? null
}

export const hasLayer = (): boolean => activeLayer() !== null

/** The job that runs, or else the one that would run next. */
export function currentJob(state: ProjectState | null = project()): Job | null {
  return state?.jobs.find(({ status }) => status === 'running') ?? state?.jobs.find(({ status }) => status === 'queued') ?? null
}

/** An id for a layer that this page makes, so that it can be selected before the studio answers. */
export const newLayerId = (): Layer['id'] => `layer-${crypto.randomUUID().slice(0, 13)}` as Layer['id']
