import type { MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import type { Layer } from '../../../preload/contract/document.ts'
import type { PickedObject } from '../../studio/objects.ts'
import { words } from '../../words/en.ts'
import type { KnobValue } from '../knobs/knobs.ts'
import { needsObjects } from './methods.ts'

/** Why a model cannot be used, in a sentence; null when it can. */
export function modelObstacle(model: ModelCard | null): string | null {
  if (!model) return words.imagine.noModel
  return model.problem && words.imagine.unsound(model.title, model.problem)
}

/** Why no picture can be made from words alone, in a sentence; null when one can. */
export function generateObstacle(model: ModelCard | null, params: Readonly<Record<string, KnobValue>>): string | null {
  return modelObstacle(model) ?? (isBlank(params.prompt) ? words.imagine.noWords : null)
}

/** What an edit would work on. */
export interface Editing {
  readonly method: MethodCard
  readonly model: ModelCard | null
  readonly layer: Layer | null
  readonly objects: readonly PickedObject[]
  readonly params: Readonly<Record<string, KnobValue>>
}

/** Why a layer cannot be edited so, in a sentence; null when it can. */
export function editObstacle({ method, model, layer, objects, params }: Editing): string | null {
  const why = modelObstacle(model)
  if (why) return why
  if (!layer) return words.edit.noLayer
  if (!layer.pixels) return words.edit.empty
  if (!needsObjects(method)) return isBlank(params.prompt) ? words.imagine.noWords : null
  if (objects.length === 0) return words.edit.noObject
  if (method.id === 'fill' && objects.length > 1) return words.edit.oneObject
  const wordless = objects.findIndex(({ becomes }) => isBlank(becomes))
  return wordless < 0 ? null : words.edit.noWordsFor(wordless + 1)
}

const isBlank = (value: KnobValue | undefined): boolean => typeof value !== 'string' || value.trim() === ''
