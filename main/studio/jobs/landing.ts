import type { Document, Layer } from '../../../preload/contract/document.ts'
import type { TaskResultOf } from '../../engine/contract.ts'
import { emptyLayer, insertLayers, newLayerId } from '../document/layer.ts'
import type { RestorePlan } from './plan.ts'

/** The document with the results as layers above their source; on top where the source is gone. @throws FaultError `refused` */
export function landRestore(document: Document, plan: RestorePlan, result: TaskResultOf<'restore'>): Document {
  const { method, seed, pixels: input, mask } = plan
  const { params, models, provider } = result
  const layers = result.layers.map(
    ({ label, visible, pixels, measures }): Layer => ({
      ...emptyLayer(newLayerId(), `${plan.name.slice(0, 150)}, ${label}`),
      visible,
      pixels,
      mask,
      recipe: { method, params, seed, models, provider, input, measures },
    }),
  )
  const isThere = document.layers.some(({ id }) => id === plan.source)
  return insertLayers(document, layers, isThere ? plan.source : null)
}

/** What a repetition has to say of itself. */
export function compareRuns({ expected }: RestorePlan, result: TaskResultOf<'restore'>): string[] {
  if (!expected) return []
  const now = result.layers.map(({ pixels }) => pixels.index)
  const isSame = now.length === expected.length && now.every((id) => expected.includes(id))
  return [
    isSame
      ? 'The result is the same as the first time, byte for byte.'
      : `The result differs from the first time. It ran on ${result.provider}; another processor or a newer model rounds differently.`,
  ]
}
