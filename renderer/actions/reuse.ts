import type { Layer, Recipe } from '../../preload/contract/document.ts'
import { outlineOf } from '../canvas/outline.ts'
import { GENERATE } from '../panels/imagine/methods.ts'
import type { KnobValue } from '../panels/knobs/knobs.ts'
import { type Deed, useSettings } from '../panels/knobs/settings.ts'
import { openDeed } from '../panels/shell.ts'
import { useNotices } from '../studio/notices.ts'
import { addObject, setObjects } from '../studio/objects.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'
import { project } from './active.ts'

/** The panel that a method is set in; null where the studio does not know the method. */
export function deedOf(method: string): Deed | null {
  const role = useProject.getState().catalog?.methods.find(({ id }) => id === method)?.role
  if (role === 'restorer') return 'restore'
  if (role !== 'imagination') return null
  return method === GENERATE ? 'generate' : 'edit'
}

/** What a panel can show of parameters; the rest keeps its default. */
const shownOf = (params: Recipe['params']): Record<string, KnobValue> =>
  Object.fromEntries(
    Object.entries(params).flatMap(([id, value]) => (value !== null && typeof value === 'object' ? [] : [[id, value] as const])),
  )

/** Sets the panel as it was when a layer was made, and takes in hand the layer that one was made of, if it is still there. */
export function reuseSettings({ recipe }: Layer): void {
  const deed = recipe && deedOf(recipe.method)
  const state = project()
  if (!recipe || !deed || !state) return
  const { choose, chooseModel, replace, setSeed, keepSeed } = useSettings.getState()
  choose(deed, recipe.method)
  replace(recipe.method, shownOf(recipe.params))
  setSeed(deed, recipe.seed)
  keepSeed(deed, true)
  if (recipe.model) chooseModel(recipe.model)
  const source = state.document.layers.find(({ pixels }) => pixels && pixels.index === recipe.input?.index)
  if (source) useView.getState().setLayer(source.id)
  let isWhole = true
  if (deed === 'edit') {
    setObjects([])
    // What a layer covered is kept as pixels, which no hand can show again.
    for (const { region, becomes } of recipe.objects)
      if (region.from === 'pixels') isWhole = false
      else addObject(region, outlineOf(region), becomes)
  }
  openDeed(deed)
  useNotices.getState().tell({ tone: 'plain', what: isWhole ? words.knobs.reused : words.knobs.reusedPart })
}
