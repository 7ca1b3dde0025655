import type { Document, Layer } from '../../../preload/contract/document.ts'
import { emptyLayer, insertLayers, newLayerId } from '../document/layer.ts'
import { movedMask, movedPixels, movedRecipe, type Shift } from '../document/moved.ts'
import type { JobPlan, JobResult } from './plan.ts'
import { resultName } from './words.ts'

/**
 * The document with the results as layers above their source; on top where there is none.
 * @param shift by how far the picture's frame has moved what lies in it since the job was asked for
 * @throws FaultError `refused`, `invalid`
 */
export function land(document: Document, plan: JobPlan, result: JobResult, shift: Shift): Document {
  const { method, seed, pixels: input, mask } = plan
  const { model, objects } = plan.kind === 'imagine' ? plan : { model: null, objects: [] }
  const { params, models, provider } = result
  const layers = result.layers.map(
    ({ label, visible, pixels, measures }): Layer => ({
      ...emptyLayer(newLayerId(), resultName(plan, result.layers.length > 1 || plan.kind === 'restore' ? label : '')),
      visible,
      pixels: movedPixels(pixels, shift),
      mask: mask && movedMask(mask, shift),
      recipe: movedRecipe({ method, params, seed, models, provider, input, model, objects, measures }, shift),
    }),
  )
  const isThere = document.layers.some(({ id }) => id === plan.source)
  return insertLayers(document, layers, isThere ? plan.source : null)
}
