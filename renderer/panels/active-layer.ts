import type { Layer } from '../../preload/contract/document.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'

/** The layer that tools and panels work on, as the project in front has it; null where there is none. */
export function useActiveLayer(): Layer | null {
  const id = useView(({ layer }) => layer)
  return useProject(({ state }) => state?.document.layers.find((layer) => layer.id === id)) ?? null
}
