import { useView } from '../studio/view.ts'
import { tools } from '../tools/index.ts'
import { words } from '../words/en.ts'
import type { Action } from './action.ts'
import { editActions } from './edits.ts'
import { fileActions } from './files.ts'
import { readable } from './keys.ts'
import { layerActions } from './layers.ts'
import { objectActions } from './objects.ts'
import { viewActions } from './view.ts'

const toolActions: readonly Action[] = tools.map(({ id, title, shortcut }) => ({
  id: `tool.${id}`,
  title: words.toolAction(title),
  group: 'tool',
  keys: [shortcut],
  run: () => useView.getState().setTool(id),
}))

/** Everything that can be done without pointing, in the order of the palette. */
export const actions: readonly Action[] = [
  ...fileActions,
  ...editActions,
  ...layerActions,
  ...objectActions,
  ...toolActions,
  ...viewActions,
]

/** The action of that id. @throws Error where there is none: a slip of ours. */
export function action(id: string): Action {
  const found = actions.find((other) => other.id === id)
  if (!found) throw new Error(`No action is called ${id}`)
  return found
}

/** Does it, if it can be done now. */
export function perform(id: string): void {
  const found = action(id)
  if (found.enabled?.() ?? true) found.run()
}

/** The shortcut to show for an action. */
export function keysOf(id: string): string | undefined {
  const first = action(id).keys?.[0]
  return first && readable(first)
}
