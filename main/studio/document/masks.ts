import { createHash } from 'node:crypto'
import type { CommandOf } from '../../../preload/contract/command.ts'
import type { Document, Layer, Mask } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { BlobId } from '../../../preload/contract/ids.ts'
import { encodeTileIndex } from '../../../preload/contract/tile-index.ts'
import { changeableLayer, replaceLayer } from './layer.ts'

/** The tile index of every mask nobody has painted on. Whoever keeps a document with a mask stores these bytes as a blob. */
export const EMPTY_MASK_BYTES: Uint8Array = encodeTileIndex({ format: 'r8', tiles: new Map() })
const EMPTY_MASK = createHash('sha256').update(EMPTY_MASK_BYTES).digest('hex') as BlobId

export function addMask(document: Document, { layer, rest }: CommandOf<'mask.add'>): Document {
  const target = changeableLayer(document, layer)
  if (target.mask)
    throw fault('refused', `"${target.name}" has a mask already.`, 'A layer holds one mask.', 'Paint on that one, or remove it first.')
  return replaceLayer(document, { ...target, mask: { pixels: { index: EMPTY_MASK, x: 0, y: 0 }, rest, enabled: true } })
}

export function setMask(document: Document, { layer, enabled }: CommandOf<'mask.set'>): Document {
  const target = changeableLayer(document, layer)
  return replaceLayer(document, { ...target, mask: { ...maskOf(target), enabled } })
}

export function removeMask(document: Document, { layer }: CommandOf<'mask.remove'>): Document {
  const target = changeableLayer(document, layer)
  maskOf(target)
  return replaceLayer(document, { ...target, mask: null })
}

/** @throws FaultError `missing` */
export function maskOf(layer: Layer): Mask {
  if (!layer.mask) throw fault('missing', `"${layer.name}" has no mask.`, 'It was removed, or never added.', 'Add a mask first.')
  return layer.mask
}
