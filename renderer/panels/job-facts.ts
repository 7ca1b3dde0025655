import type { Job } from '../../preload/contract/event.ts'
import { duration } from '../words/amounts.ts'
import { words } from '../words/en.ts'

/** What a job says of how far it is: "step 31 / 50 · 12 s left". */
export function jobFacts({ status, progress }: Job): string {
  if (status === 'queued' || !progress) return words.job.queued
  // What has but one step says nothing by counting it.
  if (progress.steps <= 1) return progress.left === null ? '' : words.job.left(duration(progress.left))
  const step = words.job.step(Math.floor(progress.step), Math.ceil(progress.steps))
  return progress.left === null ? step : `${step} · ${words.job.left(duration(progress.left))}`
}
