import type { z } from 'zod'
import { create } from 'zustand'
import { type Fault, toFault } from '../../../preload/contract/fault.ts'
import type { HubModel, ModelProgress, ModelRequest, ModelResult } from '../../../preload/contract/models.ts'
import { tellFault, useNotices } from '../../studio/notices.ts'
import { askModels } from '../../studio/project.ts'
import { useShell } from '../shell.ts'

type Request = z.input<typeof ModelRequest>

/** Something that is being done with a model, or how it ended. */
export interface Work {
  readonly request: Request
  readonly progress: ModelProgress | null
  readonly ended: null | 'done' | 'stopped' | Fault
  readonly notes: readonly string[]
  stop(): void
}

interface Works {
  /** By what they are about: a model's id, a repository, or `add` and `search`. They go on when the dialog is closed. */
  readonly of: Readonly<Record<string, Work>>
  readonly found: readonly HubModel[] | null
}

export const useWorks = create<Works>()(() => ({ of: {}, found: null }))

/** What a request is about; one thing at a time is done about it. */
export function subjectOf(request: Request): string {
  switch (request.do) {
    case 'verify':
    case 'relocate':
    case 'remove':
    case 'tune':
      return request.model
    case 'download':
      return request.repository
    case 'list':
    case 'add':
    case 'search':
      return request.do
    default:
      return request satisfies never
  }
}

export const isBusy = (work: Work | undefined): boolean => work !== undefined && work.ended === null

const put = (subject: string, change: Partial<Work>) =>
  useWorks.setState(({ of }) => {
    const work = of[subject]
    return work ? { of: { ...of, [subject]: { ...work, ...change } } } : {}
  })

/** Is the dialog closed, where an end would be seen? */
const isAway = (): boolean => useShell.getState().dialog?.kind !== 'models'

/** Does something with models; how it goes on and how it ended is told in the store. @returns null where it was stopped or failed. */
export async function work(request: Request): Promise<ModelResult | null> {
  const subject = subjectOf(request)
  if (isBusy(useWorks.getState().of[subject])) return null
  const controller = new AbortController()
  const begun: Work = { request, progress: null, ended: null, notes: [], stop: () => controller.abort() }
  useWorks.setState(({ of }) => ({ of: { ...of, [subject]: begun } }))
  try {
    const result = await askModels(request, (progress) => put(subject, { progress }), controller.signal)
    put(subject, { ended: 'done', notes: result.notes })
    if (isAway() && result.notes.length > 0) useNotices.getState().tell({ tone: 'good', what: result.notes.join(' ') })
    if (request.do === 'search') useWorks.setState({ found: result.found })
    return result
  } catch (thrown) {
    const fault = toFault(thrown)
    if (isAway() && !controller.signal.aborted) tellFault(thrown)
    put(subject, { ended: controller.signal.aborted || fault.kind === 'cancelled' ? 'stopped' : fault })
    return null
  }
}

/** Forgets how something ended. */
export const forget = (subject: string): void =>
  useWorks.setState(({ of }) => ({ of: Object.fromEntries(Object.entries(of).filter(([key]) => key !== subject)) }))
