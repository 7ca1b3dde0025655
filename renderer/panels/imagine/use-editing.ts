import { useObjects } from '../../studio/objects.ts'
import { useProject } from '../../studio/project.ts'
import { useView } from '../../studio/view.ts'
import { words } from '../../words/en.ts'
import { chosenParams, useSettings } from '../knobs/settings.ts'
import { editOf, needsObjects, useImagining, useModel } from './methods.ts'
import { type Editing, editObstacle } from './obstacles.ts'
import { useValues } from './use-knobs.ts'

/** The edit that would run now: what it is called, what it works on, and why it cannot run, if it cannot. Null where no method is there. */
export function useEditing(): (Editing & { readonly title: string; readonly why: string | null }) | null {
  const imagining = useImagining()
  const method = editOf(
    imagining,
    useSettings(({ methods }) => methods.edit),
  )
  const model = useModel()
  const objects = useObjects()
  const id = useView(({ layer }) => layer)
  const layer = useProject(({ state }) => state?.document.layers.find((other) => other.id === id)) ?? null
  const set = useValues(method)
  if (!method) return null
  const editing: Editing = { method, model, layer, objects, params: { ...chosenParams(method), ...set } }
  const title =
    method.id === 'fill'
      ? words.edit.runFill
      : needsObjects(method)
        ? words.edit.runObjects(Math.max(1, objects.length))
        : words.edit.runEdit
  return { ...editing, title, why: editObstacle(editing) }
}
