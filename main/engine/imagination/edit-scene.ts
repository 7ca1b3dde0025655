import { fault } from '../../../preload/contract/fault.ts'
import { intersect, type Rect } from '../../math/rect.ts'
import type { Tensor } from '../../math/tensor.ts'
import type { Size } from '../diffusion/unet.ts'
import { type Crop, cropAround, weightsOver } from './crop.ts'
import type { Context } from './define-imagination.ts'
import { feathered, featheredBounds, whole } from './feather.ts'
import { enlargedNotes, expectPixels } from './frame.ts'
import { lookAt } from './look.ts'
import type { Ground } from './paste.ts'

/** What a method that works on a layer works on. */
export interface EditScene {
  readonly crop: Crop
  /** The crop as it lies in the layer, and how much of the new is laid on it. */
  readonly ground: Ground
  /** The crop as the model sees it: [3, row, column] in 0..1. */
  readonly picture: Tensor
  /** Is it a cut-out, and the model one that tells opacity? Otherwise nothing is said of opacity. */
  readonly isCutOut: boolean
  /** What the artist should know, a sentence each. */
  readonly notes: readonly string[]
}

/**
 * The surroundings of the objects, or where there are none the whole document.
 * @throws FaultError `invalid` where there is no layer, or that is too large.
 */
export async function sceneOf(
  { folder, source, objects, params, width, height }: Context<{ readonly feather: number }>,
  signal: AbortSignal,
): Promise<EditScene> {
  if (!source) throw fault('invalid', 'There is nothing to edit.', 'This method works on a layer, and none was given.', 'Choose a layer.')
  const document = { width, height }
  const rect = objects.length > 0 ? featheredBounds(objects, params.feather, document) : { x: 0, y: 0, ...document }
  const crop = cropAround(rect, folder, document)
  expectPixels(crop.rect, 'That is too large to be edited at once.', 'With its surroundings it')
  const weights = objects.length > 0 ? await feathered(objects, params.feather, document, signal) : whole(rect)
  const rgba = await source.read(crop.rect, signal)
  const isCutOut = folder.autoencoder.hasAlpha && !isOpaqueWithin(rgba, crop.rect, document)
  const picture = await lookAt(rgba, crop, isCutOut, signal)
  const ground = { rect: crop.rect, rgba, weights: weightsOver(weights, crop.rect) }
  return { crop, picture, isCutOut, ground, notes: enlargedNotes(crop.size.width, crop.rect.width) }
}

/** Is a crop opaque wherever it lies in the document? What lies beyond is no part of the picture. */
function isOpaqueWithin(rgba: Uint8Array, rect: Rect, document: Size): boolean {
  const shared = intersect(rect, { x: 0, y: 0, ...document })
  if (!shared) return true
  for (let y = shared.y; y < shared.y + shared.height; y++) {
    const start = 4 * ((y - rect.y) * rect.width + shared.x - rect.x) + 3
    for (let at = start; at < start + 4 * shared.width; at += 4) if (rgba[at] !== 255) return false
  }
  return true
}
