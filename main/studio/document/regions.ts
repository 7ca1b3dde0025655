import type { Document, Layer } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { PlacedRegion, Region } from '../../../preload/contract/region.ts'
import { layerOf } from './layer.ts'

/**
 * A region that means the same for ever: a layer's pixels take the layer's place. `source` is the layer worked on.
 * @throws FaultError `missing`, or `invalid` where it shows nothing
 */
export function placeRegion(document: Document, source: Layer | null, region: Region): PlacedRegion {
  if (region.from === 'layer') {
    const { name, pixels, mask } = layerOf(document, region.layer)
    if (!pixels)
      throw fault('invalid', 'The region covers nothing.', `There is nothing on "${name}".`, 'Choose a layer with something on it.')
    return { from: 'pixels', pixels, mask: mask?.enabled ? mask : null }
  }
  if (region.from !== 'thing') return region
  if (region.on.length === 0 && region.box === null)
    throw fault(
      'invalid',
      'The region covers nothing.',
      'No point or box shows where the thing lies.',
      'Click on it, or draw a box around it.',
    )
  if (!source?.pixels)
    throw fault(
      'invalid',
      'There is no thing to find.',
      'Nothing is painted on the layer it is looked for in.',
      'Choose a layer with a picture on it.',
    )
  return region
}
