import { z } from 'zod'
import { create } from 'zustand'
import { planTiles } from '../../../main/math/tiles.ts'
import type { Job } from '../../../preload/contract/event.ts'
import type { JobId } from '../../../preload/contract/ids.ts'

const KEY = 'palimpsest.seconds-per-call'

/** How the built-in networks are tiled, where a method leaves it open; in pixels. */
const TILING = { size: 512, overlap: 64, multiple: 8 } as const
/** Three overlaps, which is as small as tiles can be. */
const SMALLEST = 3 * TILING.overlap

/** Network calls for a picture: each tile is looked at once, and once more for each step. An estimate: a network may ask for other tiles. */
export function networkCalls(width: number, height: number, { steps, tile }: { readonly steps: number; readonly tile?: number }): number {
  const size = Math.max(SMALLEST, tile ?? TILING.size)
  return planTiles(width, height, { ...TILING, size }).count * (1 + steps)
}

function kept(): Readonly<Record<string, number>> {
  try {
    return z.record(z.string(), z.number().positive()).parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    return {}
  }
}

const useSpeeds = create(() => ({ secondsPerCall: kept() }))
const nameOf = (method: string, provider: string): string => `${method} ${provider}`

/** Seconds that one network call of a method took here, last time; null before the first run. Until a provider is chosen, any one's time will do. */
export const useSecondsPerCall = (method: string, provider: string | null): number | null =>
  useSpeeds(({ secondsPerCall }) => {
    const name = provider ? nameOf(method, provider) : Object.keys(secondsPerCall).findLast((known) => known.startsWith(nameOf(method, '')))
    return (name && secondsPerCall[name]) || null
  })

/** Which method a job of this page runs, and when it was first seen running: before that it waits in the queue. */
const methods = new Map<JobId, string>()
const beginnings = new Map<JobId, number>()

/** Tells which method a job runs, so that it can be measured. */
export function expectJob(job: JobId, method: string): void {
  methods.set(job, method)
}

/** Looks at the jobs as they change and learns from the ones that end well. Their steps are network calls. */
export function learn(jobs: readonly Job[], provider: string | null, now = Date.now()): void {
  for (const { id, status, progress, endedAt } of jobs) {
    if (status === 'running' && !beginnings.has(id)) beginnings.set(id, now)
    const method = methods.get(id)
    const began = beginnings.get(id)
    if (status !== 'done' || !progress || method === undefined || began === undefined || !provider) continue
    methods.delete(id)
    const seconds = ((endedAt ?? now) - began) / 1000
    if (seconds <= 0) continue
    const secondsPerCall = { ...useSpeeds.getState().secondsPerCall, [nameOf(method, provider)]: seconds / progress.steps }
    useSpeeds.setState({ secondsPerCall })
    localStorage.setItem(KEY, JSON.stringify(secondsPerCall))
  }
}
