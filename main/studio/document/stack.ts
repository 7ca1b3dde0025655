import type { CommandOf } from '../../../preload/contract/command.ts'
import { type Document, type Layer, type Pixels, SIDE_LIMIT } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { changeableLayer, emptyLayer, freeName, insertLayers, layerOf, newLayerId, replaceLayer } from './layer.ts'

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
  return replaceLayer(document, movedLayer(changeableLayer(document, layer), dx, dy))
}

/** Every layer, locked or not, stays where it is under the new frame. */
export function frameDocument(document: Document, { x, y, width, height }: CommandOf<'document.frame'>): Document {
  const layers = x === 0 && y === 0 ? document.layers : document.layers.map((layer) => movedLayer(layer, -x, -y))
  return { ...document, width, height, layers }
}

function movedLayer(layer: Layer, dx: number, dy: number): Layer {
  const mask = layer.mask && { ...layer.mask, pixels: translated(layer.mask.pixels, dx, dy) }
  return { ...layer, pixels: layer.pixels && translated(layer.pixels, dx, dy), mask }
}

function translated(pixels: Pixels, dx: number, dy: number): Pixels {
  const moved = { ...pixels, x: pixels.x + dx, y: pixels.y + dy }
  if (Math.max(Math.abs(moved.x), Math.abs(moved.y)) > SIDE_LIMIT * 2)
    throw fault('invalid', 'The layer was not moved.', 'It would lie too far outside the picture.', 'Move it less far.')
  return moved
}
