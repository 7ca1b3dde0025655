import type { CommandOf } from '../../../preload/contract/command.ts'
import type { Document, Layer } from '../../../preload/contract/document.ts'
import { changeableLayer, emptyLayer, freeName, insertLayers, layerOf, newLayerId, replaceLayer } from './layer.ts'
import { movedLayer, movedRecipe } from './moved.ts'

export function addLayer(document: Document, { layer, name, above }: CommandOf<'layer.add'>): Document {
  return insertLayers(document, [emptyLayer(layer ?? newLayerId(), name ?? freeName(document))], above)
}

/** The copy lies right above, unlocked. */
export function duplicateLayer(document: Document, { layer, copy }: CommandOf<'layer.duplicate'>): Document {
  const source = layerOf(document, layer)
  const name = `${source.name.slice(0, 195)} copy`
  return insertLayers(document, [{ ...source, id: copy ?? newLayerId(), name, locked: false }], layer)
}

export function removeLayer(document: Document, { layer }: CommandOf<'layer.remove'>): Document {
  changeableLayer(document, layer)
  return { ...document, layers: document.layers.filter(({ id }) => id !== layer) }
}

/** An index beyond the top means the top. */
export function reorderLayer(document: Document, { layer, index }: CommandOf<'layer.reorder'>): Document {
  const moved = layerOf(document, layer)
  const others = document.layers.filter(({ id }) => id !== layer)
  return { ...document, layers: others.toSpliced(Math.min(index, others.length), 0, moved) }
}

/** On a locked layer only what shows or unlocks it. */
export function setLayer(document: Document, { layer, change }: CommandOf<'layer.set'>): Document {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<Layer>
  const { visible, locked, ...rest } = given
  const isFree = Object.keys(rest).length === 0 || locked === false
  return replaceLayer(document, { ...(isFree ? layerOf(document, layer) : changeableLayer(document, layer)), ...given })
}

export function translateLayer(document: Document, { layer, dx, dy }: CommandOf<'layer.translate'>): Document {
  return replaceLayer(document, movedLayer(changeableLayer(document, layer), { dx, dy }))
}

/** Every layer, locked or not, stays where it is under the new frame; so does what it was made from. */
export function frameDocument(document: Document, { x, y, width, height }: CommandOf<'document.frame'>): Document {
  if (x === 0 && y === 0) return { ...document, width, height }
  const shift = { dx: -x, dy: -y }
  const layers = document.layers.map((layer) => ({ ...movedLayer(layer, shift), recipe: layer.recipe && movedRecipe(layer.recipe, shift) }))
  return { ...document, width, height, layers }
}
