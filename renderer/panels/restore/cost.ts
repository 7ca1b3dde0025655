import { z } from 'zod'
import type { Job } from '../../../preload/contract/event.ts'
import type { JobId } from '../../../preload/contract/ids.ts'

const KEY = 'palimpsest.seconds-per-call'

/** What a run is expected to cost. */
export interface Cost {
  /** Calls of a network. */
  readonly calls: number
  /** From this machine's own runs of the method; null before the first. */
  readonly seconds: number | null
}

/** Side of the tiles in which pictures are restored, and how much of each is overlap, in pixels. */
const SIDE = 512
const OVERLAP = 64

const along = (length: number): number => (length <= SIDE ? 1 : Math.ceil((length - OVERLAP) / (SIDE - OVERLAP)))

/** Network calls for a picture: each tile is looked at once, and once more for each step. */
export function networkCalls(width: number, height: number, steps: number): number {
  return along(width) * along(height) * (1 + steps)
}

function measured(): Record<string, number> {
  try {
    return z.record(z.string(), z.number().positive()).parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    return {}
  }
}

/** Seconds that one network call of a method took here, last time; null before the first run. */
export const secondsPerCall = (method: string, provider: string | null): number | null => measured()[`${method} ${provider}`] ?? null

/** When jobs were first seen running: they wait in the queue before. */
const seen = new Map<JobId, number>()
const running = new Map<JobId, { method: string; calls: number }>()

/** Tells that a job of this cost has been asked for, so that it can be measured. */
export function expect(job: JobId, method: string, calls: number): void {
  running.set(job, { method, calls })
}

/** Looks at the jobs as they change and learns from the ones that end well. */
export function learn(jobs: readonly Job[], provider: string | null, now = Date.now()): void {
  for (const job of jobs) {
    if (job.status === 'running' && !seen.has(job.id)) seen.set(job.id, now)
    const began = seen.get(job.id)
    const run = running.get(job.id)
    if (job.status !== 'done' || !run || began === undefined) continue
    running.delete(job.id)
    const seconds = ((job.endedAt ?? now) - began) / 1000
    if (seconds > 0) localStorage.setItem(KEY, JSON.stringify({ ...measured(), [`${run.method} ${provider}`]: seconds / run.calls }))
  }
}
