import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { fault, toFault } from '../../../preload/contract/fault.ts'
import type { ModelProgress, ModelRequest, ModelResult } from '../../../preload/contract/models.ts'
import { stopped } from '../stopped.ts'
import { statusLine } from './progress-line.ts'
import { openSession, type Session } from './session.ts'

/** Does something about the models of this machine, telling how far it is. @param left what stays when it is stopped. @throws FaultError */
export async function askModels(session: Session, request: ModelRequest, signal: AbortSignal, left: string): Promise<ModelResult> {
  using line = statusLine(process.stderr)
  const work = session.client.models(request, signal)
  try {
    for (;;) {
      const next = await work.next()
      if (next.done) return next.value
      line.say(...inWords(next.value))
    }
  } catch (thrown) {
    throw signal.aborted && toFault(thrown).kind === 'cancelled' ? stopped(left) : thrown
  }
}

/** The same for one request alone. */
export async function askModelsOnce(request: ModelRequest, signal: AbortSignal, left = 'Nothing was changed.'): Promise<ModelResult> {
  await using session = await openSession()
  return await askModels(session, request, signal, left)
}

function inWords({ label, done, of, unit }: ModelProgress): [text: string, gist: string] {
  if (of === null || of === 0) return [label, label]
  const tenth = Math.floor((done / of) * 10)
  const amount = unit === 'bytes' ? `${megabytes(done)} of ${megabytes(of)}` : `${done} of ${of}`
  return [`${label}: ${amount}, ${Math.round((done / of) * 100)} %`, `${unit === 'bytes' ? label : ''} ${tenth}`]
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** A model by its id, its title, or the beginning of its id. @throws FaultError `missing`, `invalid` where several are called so. */
export function modelNamed(models: readonly ModelCard[], name: string): ModelCard {
  const wanted = name.toLowerCase()
  const exact = models.filter(({ id, path }) => id === name || path === name)
  const alike = models.filter(
    ({ id, title }) => title.toLowerCase() === wanted || id.startsWith(wanted) || id.startsWith(`folder-${wanted}`),
  )
  const [model, ...more] = exact.length > 0 ? exact : alike
  if (model && more.length === 0) return model
  if (model)
    throw fault(
      'invalid',
      `Several models are called "${name}".`,
      `They are ${[model, ...more].map(({ id }) => id).join(', ')}.`,
      'Give the whole id.',
    )
  throw fault(
    'missing',
    `There is no model "${name}" here.`,
    'Nothing on this machine is called so.',
    'Run "npm start -- models" for the list.',
  )
}
