import { setTimeout as pause } from 'node:timers/promises'
import type { ModelCard } from '../../preload/contract/catalog.ts'
import { fault } from '../../preload/contract/fault.ts'
import type { ModelProgress, ModelRequest, ModelResult } from '../../preload/contract/models.ts'

export const tinyModel: ModelCard = {
  id: 'tiny',
  role: 'text-to-picture',
  title: 'Tiny',
  bytes: 1,
  licence: 'MIT',
  problem: null,
  source: 'folder',
  path: '/tiny',
  side: 64,
  multiple: 8,
  notes: ['It knows nothing.'],
  usual: {},
}

/** Answers everything with the one model there is. Tuning takes `steps`, `pause`, `deaf` and `die` as restorations do; the rest is done in two steps. */
export async function* tinyModels(
  request: ModelRequest,
  signal: AbortSignal,
  die: () => void,
): AsyncGenerator<ModelProgress, ModelResult, void> {
  const knobs = (request.do === 'tune' ? request.params : {}) as { steps?: number; pause?: number; deaf?: boolean; die?: boolean }
  const { steps = 2, pause: wait = 0, deaf, die: dies } = knobs
  if ('model' in request && request.model !== tinyModel.id)
    throw fault('missing', 'That model is not here.', `There is no model "${request.model}".`, 'Choose one from the list.')
  for (let done = 0; done < steps && request.do !== 'list'; done++) {
    yield { label: request.do, done, of: steps, unit: request.do === 'download' ? 'bytes' : 'steps' }
    if (dies) die()
    await pause(wait)
    if (!deaf && signal.aborted) throw fault('cancelled', 'Cancelled.', 'It was asked for.', 'Run it again.')
  }
  const isFound = request.do === 'search' && 'tiny/tiny'.includes(request.text)
  const found = isFound ? [{ repository: 'tiny/tiny', licence: 'mit', bytes: 1, downloads: 1, problem: null }] : []
  const models = request.do === 'remove' ? [] : [tinyModel]
  return { models, found, notes: request.do === 'download' ? [`"${request.repository}" is here.`] : [] }
}
