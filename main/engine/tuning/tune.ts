import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import type { ModelProgress } from '../../../preload/contract/models.ts'
import type { ModelFolder } from '../diffusion/folder.ts'
import { usualFor } from '../imagination/usual.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { openSubject } from './folder-subject.ts'
import { inWords } from './in-words.ts'
import type { Kind, TuneRequest } from './kind.ts'
import { search } from './search.ts'
import { type Settings, settings as shared } from './settings.ts'
import { readSkippable } from './skippable.ts'
import { solverKind } from './solver.ts'
import { statisticsKind } from './statistics.ts'
import { stepsKind } from './steps.ts'
import { folderOf } from './store.ts'
import { transportKind } from './transport.ts'

/** What can be found for a model. */
export const kinds = { steps: stepsKind, solver: solverKind, statistics: statisticsKind, transport: transportKind } as const
/** The same as a list, for the catalogue. */
export const tunings = Object.values(kinds)

/**
 * Finds what suits a model and keeps it beside others' under its hash; an earlier try that was stopped goes on. What it costs at
 * most is told before any call of the network.
 * @param sha256 of the model. @param keep folder of what the engine keeps for this machine.
 * @returns what the artist should know, a sentence each.
 * @throws FaultError `invalid` (the settings, nothing to find), `full`, and as reading the model does; the signal's reason once it is aborted.
 */
export async function* tune(
  folder: ModelFolder,
  sha256: string,
  { what, params }: TuneRequest,
  keep: string,
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): AsyncGenerator<ModelProgress, readonly string[], void> {
  switch (what) {
    case 'steps':
      return yield* run(kinds.steps, params)
    case 'solver':
      return yield* run(kinds.solver, params)
    case 'statistics':
      return yield* run(kinds.statistics, params)
    case 'transport':
      return yield* run(kinds.transport, params)
    default:
      return what satisfies never
  }

  async function* run<P extends Settings & { readonly compute?: number }, S>(
    kind: Kind<P, S>,
    given: TuneRequest['params'],
  ): AsyncGenerator<ModelProgress, readonly string[], void> {
    // What is found holds for the guidance that the model is asked with, and best for what it is asked for.
    const { values } = usualFor({ guidance: shared.guidance, prompts: shared.prompts }, folder.usual, given)
    const settings = settled(kind, { ...values, ...given })
    yield { label: 'Reading the model', done: 0, of: null, unit: 'steps' }
    const skippable = (settings.compute ?? 1) < 1 ? await readSkippable(folder.path) : null
    using subject = await openSubject(folder, settings, skippable, sessions, signal).catch((thrown: unknown) => {
      throw inWords(thrown)
    })
    return yield* search(kind, subject, settings, folderOf(keep, sha256), signal)
  }
}

function settled<P extends Settings, S>(kind: Kind<P, S>, given: TuneRequest['params']): P {
  const known = Object.keys(z.toJSONSchema(kind.params, { io: 'input' }).properties ?? {})
  const stranger = Object.keys(given).find((name) => !known.includes(name))
  if (stranger !== undefined)
    throw fault('invalid', 'The model cannot be tuned so.', `The search has no setting "${stranger}".`, `It has: ${known.join(', ')}.`)
  const parsed = kind.params.safeParse(given)
  if (parsed.success) return parsed.data
  throw fault('invalid', 'The model cannot be tuned so.', z.prettifyError(parsed.error), 'Change the setting.')
}
