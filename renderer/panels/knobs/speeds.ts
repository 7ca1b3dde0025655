import { useEffect } from 'react'
import { z } from 'zod'
import { create } from 'zustand'
import type { Job } from '../../../preload/contract/event.ts'
import type { JobId } from '../../../preload/contract/ids.ts'
import { useProject } from '../../studio/project.ts'

const KEY = 'palimpsest.seconds-per-call'

function kept(): Readonly<Record<string, number>> {
  try {
    return z.record(z.string(), z.number().positive()).parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    return {}
  }
}

const useSpeeds = create(() => ({ secondsPerCall: kept() }))
const nameOf = (work: string, provider: string): string => `${work} ${provider}`

/**
 * Seconds that one network call took here, last time; null before the first run. Until a provider is chosen, any one's time will do.
 * @param work what ran: a method, with its model where there is a choice.
 */
export const useSecondsPerCall = (work: string, provider: string | null): number | null =>
  useSpeeds(({ secondsPerCall }) => {
    const name = provider ? nameOf(work, provider) : Object.keys(secondsPerCall).findLast((known) => known.startsWith(nameOf(work, '')))
    return (name && secondsPerCall[name]) || null
  })

/** What a job of this page runs, and when it was first seen running: before that it waits in the queue. */
const works = new Map<JobId, { readonly work: string; readonly calls: number | null }>()
const beginnings = new Map<JobId, number>()

/** Tells what a job runs, so that it can be measured. `calls` are those it was estimated to take; null: one a step. */
export function expectJob(job: JobId, work: string, calls: number | null = null): void {
  works.set(job, { work, calls })
}

/** Looks at the jobs as they change and learns from the ones that end well. */
export function learn(jobs: readonly Job[], provider: string | null, now = Date.now()): void {
  for (const { id, status, progress, endedAt } of jobs) {
    if (status === 'running' && !beginnings.has(id)) beginnings.set(id, now)
    const expected = works.get(id)
    const began = beginnings.get(id)
    if (status !== 'done' || !progress || expected === undefined || began === undefined || !provider) continue
    works.delete(id)
    const seconds = ((endedAt ?? now) - began) / 1000
    if (seconds <= 0) continue
    const secondsPerCall = {
      ...useSpeeds.getState().secondsPerCall,
      [nameOf(expected.work, provider)]: seconds / (expected.calls ?? progress.steps),
    }
    useSpeeds.setState({ secondsPerCall })
    localStorage.setItem(KEY, JSON.stringify(secondsPerCall))
  }
}

/** Learns while the page lives. */
export function useLearning(): void {
  const jobs = useProject(({ state }) => state?.jobs)
  const provider = useProject(({ state }) => state?.engine.provider ?? null)
  useEffect(() => {
    if (jobs) learn(jobs, provider)
  }, [jobs, provider])
}
