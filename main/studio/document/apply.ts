import type { LayerCommand } from '../../../preload/contract/command.ts'
import type { Document } from '../../../preload/contract/document.ts'
import { addMask, removeMask, setMask } from './masks.ts'
import { addLayer, duplicateLayer, frameDocument, removeLayer, reorderLayer, setLayer, translateLayer } from './stack.ts'

/**
 * The document after a command that touches no pixels. The document given is left as it is.
 * @throws FaultError `missing`, `refused` or `invalid`
 */
export function applyLayerCommand(document: Document, command: LayerCommand): Document {
  switch (command.type) {
    case 'layer.add':
      return addLayer(document, command)
    case 'layer.duplicate':
      return duplicateLayer(document, command)
    case 'layer.remove':
      return removeLayer(document, command)
    case 'layer.reorder':
      return reorderLayer(document, command)
    case 'layer.set':
      return setLayer(document, command)
    case 'layer.translate':
      return translateLayer(document, command)
    case 'document.frame':
      return frameDocument(document, command)
    case 'mask.add':
      return addMask(document, command)
    case 'mask.set':
      return setMask(document, command)
    case 'mask.remove':
      return removeMask(document, command)
    default:
      return command satisfies never
  }
}
