import type { z } from 'zod'
import type { Client } from '../../preload/contract/call.ts'
import type { ModelProgress, ModelRequest, ModelResult } from '../../preload/contract/models.ts'
import type { Studio } from '../../preload/contract/studio.ts'

/**
 * Asks something about the models of this machine. `onProgress` is called with every word on the way; aborting the signal ends it, and what
 * was done so far is kept. Throws whatever the studio throws: whoever asked shows it.
 */
export type AskModels = (
  request: z.input<typeof ModelRequest>,
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal,
) => Promise<ModelResult>

/**
 * Asks, and tells what models there are after each answer. An answer that was asked for before another and comes after it may lack what
 * that one changed: then the list is asked for anew.
 */
export function modelsAsker(
  ready: () => Promise<Pick<Client<Studio>, 'models'>>,
  tell: (models: ModelResult['models']) => void,
): AskModels {
  let begun = 0
  let told = 0
  const ask: AskModels = async (request, onProgress, signal) => {
    const { models } = await ready()
    const number = ++begun
    const steps = models(request, signal)
    let next = await steps.next()
    for (; !next.done; next = await steps.next()) onProgress(next.value)
    if (number < told) return { ...next.value, models: (await ask({ do: 'list' }, () => undefined, signal)).models }
    told = number
    tell(next.value.models)
    return next.value
  }
  return ask
}
