import { action, keysOf } from '../actions/index.ts'
import type { MenuItem } from '../design/menu.tsx'

/** What can be done to the picture where one points; `apart` draws a line above. */
const ITEMS: readonly (readonly [id: string, apart?: 'apart'])[] = [
  ['edit.undo'],
  ['edit.redo'],
  ['layer.add', 'apart'],
  ['layer.duplicate'],
  ['mask.add'],
  ['layer.compare'],
  ['picture.edit', 'apart'],
  ['picture.fill'],
  ['picture.generate'],
  ['view.fit', 'apart'],
  ['view.actual'],
  ['file.export', 'apart'],
]

/** The menu over the picture, as things stand. */
export function canvasMenu(): MenuItem[] {
  return ITEMS.map(([id, apart]) => {
    const { title, run, enabled } = action(id)
    return { title, keys: keysOf(id), disabled: !(enabled?.() ?? true), apart: apart !== undefined, run }
  })
}
