import type { Document, Layer } from '../../../preload/contract/document.ts'
import { emptyLayer, insertLayers, newLayerId } from '../document/layer.ts'
import type { JobPlan, JobResult } from './plan.ts'
import { resultName } from './words.ts'

/** The document with the results as layers above their source; on top where there is none. @throws FaultError `refused` */
export function land(document: Document, plan: JobPlan, result: JobResult): Document {
  const { method, seed, pixels: input, mask } = plan
  const { model, objects } = plan.kind === 'imagine' ? plan : { model: null, objects: [] }
  const { params, models, provider } = result
  const layers = result.layers.map(
    ({ label, visible, pixels, measures }): Layer => ({
      ...emptyLayer(newLayerId(), resultName(plan, result.layers.length > 1 || plan.kind === 'restore' ? label : '')),
      visible,
      pixels,
      mask,
      recipe: { method, params, seed, models, provider, input, model, objects, measures },
    }),
  )
  const isThere = document.layers.some(({ id }) => id === plan.source)
  return insertLayers(document, layers, isThere ? plan.source : null)
}
