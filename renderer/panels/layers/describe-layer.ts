import type { Layer } from '../../../preload/contract/document.ts'
import { percent } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'

/** What a layer is, in a line: how it came to be, how it is blended. */
export function describeLayer(layer: Layer, methodTitle: (id: string) => string): string {
  const parts: string[] = []
  if (layer.recipe) parts.push(methodTitle(layer.recipe.method), words.layers.seed(layer.recipe.seed))
  if (!layer.recipe || layer.blend !== 'normal') parts.push(words.blend[layer.blend])
  if (!layer.recipe || layer.opacity < 1) parts.push(percent(layer.opacity))
  if (!layer.pixels) parts.push(words.layers.empty)
  if (layer.mask && !layer.mask.enabled) parts.push(words.layers.maskOff)
  return parts.join(' · ')
}
