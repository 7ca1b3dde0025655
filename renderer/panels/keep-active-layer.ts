import { useEffect, useRef } from 'react'
import type { LayerId, ProjectId } from '../../preload/contract/ids.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'

/**
 * Keeps the active layer one that exists: after undo, a restore, or a change of tab.
 * A layer that a restore has just put on top becomes active, because it is what the artist waited for.
 */
export function useKeptActiveLayer(): void {
  const layers = useProject(({ state }) => state?.document.layers)
  const project = useProject(({ active }) => active)
  const known = useRef<{ project: ProjectId | null; ids: ReadonlySet<LayerId> }>({ project: null, ids: new Set() })
  const remembered = useRef(new Map<ProjectId, LayerId>())

  useEffect(() => {
    const { layer, target, compare, setLayer, setTarget, setCompare } = useView.getState()
    const before = known.current
    const list = layers ?? []
    known.current = { project, ids: new Set(list.map(({ id }) => id)) }
    if (before.project !== project && before.project && layer) remembered.current.set(before.project, layer)
    const restored = before.project === project && list.findLast(({ id, recipe, visible }) => recipe && visible && !before.ids.has(id))
    const wanted = before.project === project ? layer : ((project && remembered.current.get(project)) ?? null)
    const active = restored || list.find(({ id }) => id === wanted) || list.findLast(({ visible }) => visible) || list.at(-1)
    if (active?.id !== layer) setLayer(active?.id ?? null)
    else if (target === 'mask' && !active?.mask) setTarget('pixels')
    if (compare && !list.some(({ id, recipe }) => id === compare.layer && recipe?.input)) setCompare(null)
  }, [layers, project])
}
