import type { Job } from '../../../preload/contract/event.ts'
import { fault } from '../../../preload/contract/fault.ts'

/** Why a running job is stopped: abort reasons. */
export const CANCELLED = 'cancelled'
export const CLOSING = 'closing'

export const hasEnded = ({ status }: Job): boolean => status !== 'queued' && status !== 'running'

/** A job whose studio went away under it. */
export function interrupted(job: Job): Job {
  const { fault: why } = fault(
    'engine',
    'The job did not finish.',
    'The studio was closed or stopped while it ran.',
    'Run it again; the picture is as it was before.',
  )
  return { ...job, status: 'interrupted', fault: why, endedAt: Date.now() }
}
