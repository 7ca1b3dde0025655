import { useObjects } from '../../studio/objects.ts'
import { words } from '../../words/en.ts'
import { useActiveLayer } from '../active-layer.ts'
import { chosenParams, useSettings } from '../knobs/settings.ts'
import { useValues } from '../knobs/use-knobs.ts'
import { editOf, needsObjects, useImagining, useModel } from './methods.ts'
import { type Editing, editObstacle } from './obstacles.ts'

/** The edit that would run now: what it is called, what it works on, and why it cannot run, if it cannot. Null where no method is there. */
export function useEditing(): (Editing & { readonly title: string; readonly why: string | null }) | null {
  const imagining = useImagining()
  const method = editOf(
    imagining,
    useSettings(({ methods }) => methods.edit),
  )
  const model = useModel('change')
  const objects = useObjects()
  const layer = useActiveLayer()
  // Read anew whenever a knob is turned.
  useValues(method)
  if (!method) return null
  const editing: Editing = { method, model, layer, objects, params: chosenParams(method, model?.usual) }
  const title =
    method.id === 'fill'
      ? words.edit.runFill
      : needsObjects(method)
        ? words.edit.runObjects(Math.max(1, objects.length))
        : words.edit.runEdit
  return { ...editing, title, why: editObstacle(editing) }
}
