import { randomUUID } from 'node:crypto'
import type { Document, Layer, Recipe } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { LayerId } from '../../../preload/contract/ids.ts'
import type { PictureSettings } from '../../engine/contract.ts'

/** Most layers of a document. */
const LIMIT = 1000

export const newLayerId = (): LayerId => randomUUID() as LayerId

/** A layer with nothing on it. */
export const emptyLayer = (id: LayerId, name: string): Layer => ({
  id,
  kind: 'raster',
  name,
  visible: true,
  locked: false,
  opacity: 1,
  blend: 'normal',
  pixels: null,
  mask: null,
  recipe: null,
})

/** What is known of a picture from elsewhere that says how it was made: enough to make one like it. */
export const carriedRecipe = ({ params, seed }: PictureSettings): Recipe => ({
  method: 'generate',
  params,
  seed,
  models: [],
  provider: 'unknown',
  input: null,
  model: null,
  objects: [],
  measures: {},
})

/** @throws FaultError `missing` */
export function layerOf(document: Document, id: LayerId): Layer {
  const layer = document.layers.find((candidate) => candidate.id === id)
  if (!layer)
    throw fault(
      'missing',
      'That layer is not there.',
      'It was removed, or never part of this picture.',
      'Choose another layer, or undo its removal.',
    )
  return layer
}

/** The layer, if it may be changed. @throws FaultError `missing`, or `refused` where it is locked */
export function changeableLayer(document: Document, id: LayerId): Layer {
  const layer = layerOf(document, id)
  if (layer.locked)
    throw fault('refused', `"${layer.name}" is locked.`, 'A locked layer keeps what it holds.', 'Unlock it in the layers panel first.')
  return layer
}

export const replaceLayer = (document: Document, layer: Layer): Document => ({
  ...document,
  layers: document.layers.map((other) => (other.id === layer.id ? layer : other)),
})

/**
 * Puts layers, bottom first, right above another; on top where none is named.
 * @throws FaultError `missing` where `above` is not there, `invalid` for an id in use, `refused` beyond 1000 layers
 */
export function insertLayers(document: Document, layers: readonly Layer[], above: LayerId | null | undefined): Document {
  if (above) layerOf(document, above)
  for (const { id } of layers)
    if (document.layers.some((other) => other.id === id))
      throw fault('invalid', 'The layer was not added.', `The id "${id}" belongs to another layer.`, 'Give the new layer an id of its own.')
  if (document.layers.length + layers.length > LIMIT)
    throw fault('refused', 'The layer was not added.', `A picture holds at most ${LIMIT} layers.`, 'Remove some layers first.')
  const at = above ? document.layers.findIndex((other) => other.id === above) + 1 : document.layers.length
  return { ...document, layers: document.layers.toSpliced(at, 0, ...layers) }
}

/** The first "Layer N" that no layer is called. */
export function freeName(document: Document): string {
  const taken = new Set(document.layers.map(({ name }) => name))
  for (let n = document.layers.length + 1; ; n++) if (!taken.has(`Layer ${n}`)) return `Layer ${n}`
}
