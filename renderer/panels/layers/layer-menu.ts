import type { Layer } from '../../../preload/contract/document.ts'
import { keysOf, perform } from '../../actions/index.ts'
import type { MenuItem } from '../../design/menu.tsx'
import { words } from '../../words/en.ts'

/** What can be done to a layer. It acts on the active layer, so the row makes its layer active first. */
export function layerMenu(layer: Layer): MenuItem[] {
  const item = (id: keyof typeof words.actions, more: Partial<MenuItem> = {}): MenuItem => ({
    title: words.actions[id],
    keys: keysOf(id),
    run: () => perform(id),
    ...more,
  })
  return [
    item('layer.rename', { disabled: layer.locked }),
    item('layer.duplicate'),
    ...(layer.recipe?.input ? [item('layer.compare')] : []),
    ...(layer.recipe ? [item('layer.reuse')] : []),
    ...(layer.pixels ? [item('layer.pick')] : []),
    item('layer.up', { apart: true }),
    item('layer.down'),
    ...(layer.mask
      ? [item('mask.toggle', { apart: true, disabled: layer.locked }), item('mask.remove', { disabled: layer.locked })]
      : [item('mask.add', { apart: true, disabled: layer.locked })]),
    item('layer.export', { apart: true }),
    item('layer.remove', { apart: true, danger: true, disabled: layer.locked }),
  ]
}
