import type { Layer } from '../../preload/contract/document.ts'
import type { LayerId } from '../../preload/contract/ids.ts'
import { announce } from '../design/announcer.tsx'
import { useShell } from '../panels/shell.ts'
import { run } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'
import type { Action } from './action.ts'
import { activeLayer, hasLayer, hasProject, newLayerId, project } from './active.ts'
import { deedOf, reuseSettings } from './reuse.ts'

const titles = words.actions

export async function addLayer(): Promise<void> {
  const layer = newLayerId()
  const above = activeLayer()?.id
  if (await run({ type: 'layer.add', layer, ...(above ? { above } : {}) })) useView.getState().setLayer(layer)
}

export async function duplicateLayer(layer: LayerId): Promise<void> {
  const copy = newLayerId()
  if (await run({ type: 'layer.duplicate', layer, copy })) useView.getState().setLayer(copy)
}

/** Puts a layer at a place counted from the bottom, in the list without it. */
export function reorderLayer(layer: LayerId, index: number): void {
  const layers = project()?.document.layers ?? []
  const last = layers.length - 1
  const to = Math.max(0, Math.min(last, index))
  const moved = layers.find(({ id }) => id === layer)
  if (!moved || layers.indexOf(moved) === to) return
  void run({ type: 'layer.reorder', layer, index: to })
  announce(words.layers.moved(moved.name, last - to + 1))
}

function shift(by: number): void {
  const layers = project()?.document.layers ?? []
  const layer = activeLayer()
  if (layer) reorderLayer(layer.id, layers.indexOf(layer) + by)
}

function select(by: number): void {
  const layers = project()?.document.layers ?? []
  const layer = activeLayer()
  const next = layers[layer ? layers.indexOf(layer) + by : layers.length - 1]
  if (next) useView.getState().setLayer(next.id)
}

export async function setLayer(
  layer: LayerId,
  change: Partial<Pick<Layer, 'name' | 'visible' | 'locked' | 'opacity' | 'blend'>>,
): Promise<void> {
  await run({ type: 'layer.set', layer, change })
}

export async function addMask(layer: LayerId): Promise<void> {
  if (await run({ type: 'mask.add', layer, rest: 255 })) useView.getState().setLayer(layer, 'mask')
}

export async function removeMask(layer: LayerId): Promise<void> {
  useView.getState().setTarget('pixels')
  await run({ type: 'mask.remove', layer })
}

/** Shows the divider on a layer that was made of other pixels, or takes it away. */
export function toggleCompare(layer: LayerId): void {
  const { compare, setCompare } = useView.getState()
  setCompare(compare?.layer === layer ? null : { layer, position: 0.5 })
}

const onLayer = (
  id: keyof typeof titles,
  act: (layer: Layer) => void,
  keys: readonly string[] = [],
  fits: (layer: Layer) => boolean = () => true,
): Action => ({
  id,
  title: titles[id],
  group: 'layer',
  keys,
  enabled: () => {
    const layer = activeLayer()
    return layer !== null && fits(layer)
  },
  run: () => {
    const layer = activeLayer()
    if (layer) act(layer)
  },
})

export const layerActions: readonly Action[] = [
  {
    id: 'layer.add',
    title: titles['layer.add'],
    group: 'layer',
    keys: ['Mod+Shift+N', 'Mod+Alt+N'],
    enabled: hasProject,
    run: () => void addLayer(),
  },
  onLayer('layer.duplicate', ({ id }) => void duplicateLayer(id), ['Mod+J']),
  onLayer('layer.remove', ({ id }) => void run({ type: 'layer.remove', layer: id }), ['Delete', 'Backspace']),
  onLayer('layer.rename', ({ id }) => useShell.getState().rename(id), ['F2']),
  onLayer('layer.visible', ({ id, visible }) => setLayer(id, { visible: !visible }), ['Mod+,']),
  onLayer('layer.locked', ({ id, locked }) => setLayer(id, { locked: !locked }), ['/']),
  { id: 'layer.up', title: titles['layer.up'], group: 'layer', keys: ['Mod+]'], enabled: hasLayer, run: () => shift(1) },
  { id: 'layer.down', title: titles['layer.down'], group: 'layer', keys: ['Mod+['], enabled: hasLayer, run: () => shift(-1) },
  { id: 'layer.top', title: titles['layer.top'], group: 'layer', keys: ['Mod+Shift+]'], enabled: hasLayer, run: () => shift(1000) },
  { id: 'layer.bottom', title: titles['layer.bottom'], group: 'layer', keys: ['Mod+Shift+['], enabled: hasLayer, run: () => shift(-1000) },
  { id: 'layer.above', title: titles['layer.above'], group: 'layer', keys: ['Alt+]'], enabled: hasProject, run: () => select(1) },
  { id: 'layer.below', title: titles['layer.below'], group: 'layer', keys: ['Alt+['], enabled: hasProject, run: () => select(-1) },
  onLayer(
    'mask.add',
    ({ id }) => void addMask(id),
    [],
    ({ mask }) => mask === null,
  ),
  onLayer(
    'mask.toggle',
    ({ id, mask }) => void run({ type: 'mask.set', layer: id, enabled: !mask?.enabled }),
    [],
    ({ mask }) => mask !== null,
  ),
  onLayer(
    'mask.remove',
    ({ id }) => void removeMask(id),
    [],
    ({ mask }) => mask !== null,
  ),
  onLayer(
    'layer.compare',
    ({ id }) => toggleCompare(id),
    ['Y'],
    ({ recipe }) => recipe !== null && recipe.input !== null,
  ),
  onLayer('layer.reuse', reuseSettings, [], ({ recipe }) => recipe !== null && deedOf(recipe.method) !== null),
  onLayer('layer.export', ({ id }) => useShell.getState().show({ kind: 'export', layer: id })),
]
