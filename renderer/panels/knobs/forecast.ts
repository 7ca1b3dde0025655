import { useEffect } from 'react'
import { z } from 'zod'
import { create } from 'zustand'
import type { Document } from '../../../preload/contract/document.ts'
import type { Job } from '../../../preload/contract/event.ts'
import type { JobId } from '../../../preload/contract/ids.ts'
import { useProject } from '../../studio/project.ts'

/** Something long, as far as its cost is concerned. */
export interface Work {
  /** What runs: a method, with its model where there is a choice. */
  readonly name: string
  /** How it is set, apart from its amount: what it was measured with tells the cost of the same settings. */
  readonly settings: string
  /** How much of it: the cost grows with that, in whatever unit. */
  readonly amount: number
}

/** What something will cost, judged by what it has cost on this machine. */
export interface Forecast {
  readonly seconds: number
  /** Network calls, where the method has counted them; null where it tells of none. */
  readonly calls: number | null
  /** It was measured with other settings only. */
  readonly isRough: boolean
}

const KEY = 'palimpsest.costs'
/** Measurements that are kept: the newest. */
const MOST = 200

/** What one unit of some work has cost on one provider. */
const Measured = z.object({
  name: z.string().max(500),
  provider: z.string().max(50),
  settings: z.string().max(2000),
  seconds: z.number().positive(),
  calls: z.number().positive().nullable(),
})
export type Measured = z.infer<typeof Measured>

function kept(): Measured[] {
  try {
    return z
      .array(Measured)
      .max(MOST)
      .parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
  } catch {
    return []
  }
}

/** The oldest first. */
const useCosts = create<{ readonly costs: readonly Measured[] }>(() => ({ costs: kept() }))

/**
 * Judges by what was measured: with the same settings, or else with whichever came last.
 * @param provider null before one is chosen: any one's measurement will do. @returns null before anything like it has run.
 */
export function forecastOf(costs: readonly Measured[], work: Work, provider: string | null): Forecast | null {
  const known = costs.filter((cost) => cost.name === work.name && (provider === null || cost.provider === provider))
  const cost = known.findLast(({ settings }) => settings === work.settings) ?? known.at(-1)
  if (!cost) return null
  const calls = cost.calls === null ? null : Math.max(1, Math.round(cost.calls * work.amount))
  return { seconds: cost.seconds * work.amount, calls, isRough: cost.settings !== work.settings }
}

/** What something will cost on this machine; null before the first run. */
export function useForecast(work: Work | null): Forecast | null {
  const provider = useProject(({ state }) => state?.engine.provider ?? null)
  const costs = useCosts((state) => state.costs)
  return work && forecastOf(costs, work, provider)
}

/** What a job of this page runs, with the seed that its result is known by, and when it was first seen running: before that it waits. */
const works = new Map<JobId, Work & { readonly seed: number }>()
const beginnings = new Map<JobId, number>()

/** Tells what a job runs, so that it can be measured. */
export function expectJob(job: JobId, work: Work, seed: number): void {
  works.set(job, { ...work, seed })
}

/** Looks at the jobs as they change and learns from the ones that end well. @param now milliseconds since 1970. */
export function learn(jobs: readonly Job[], { layers }: Pick<Document, 'layers'>, provider: string | null, now = Date.now()): void {
  for (const { id, status, endedAt } of jobs) {
    if (status === 'running' && !beginnings.has(id)) beginnings.set(id, now)
    const work = works.get(id)
    const began = beginnings.get(id)
    if (status !== 'done' || !work || began === undefined || !provider) continue
    works.delete(id)
    const seconds = ((endedAt ?? now) - began) / 1000
    if (seconds <= 0 || work.amount <= 0) continue
    const counted = layers.findLast(({ recipe }) => recipe?.seed === work.seed && work.name.startsWith(recipe.method))?.recipe?.measures
      .calls
    const { name, settings, amount } = work
    const others = measuredCosts().filter((cost) => cost.name !== name || cost.provider !== provider || cost.settings !== settings)
    const cost = { name, provider, settings, seconds: seconds / amount, calls: counted ? counted / amount : null }
    const costs = [...others, cost].slice(-MOST)
    useCosts.setState({ costs })
    try {
      localStorage.setItem(KEY, JSON.stringify(costs))
    } catch {
      // A storage that is full or closed keeps what it has: what is new is known as long as the page lives.
    }
  }
}

/** What was measured on this machine. */
export const measuredCosts = (): readonly Measured[] => useCosts.getState().costs

/** Learns while the page lives. */
export function useLearning(): void {
  const jobs = useProject(({ state }) => state?.jobs)
  const document = useProject(({ state }) => state?.document)
  const provider = useProject(({ state }) => state?.engine.provider ?? null)
  useEffect(() => {
    if (jobs && document) learn(jobs, document, provider)
  }, [jobs, document, provider])
}
