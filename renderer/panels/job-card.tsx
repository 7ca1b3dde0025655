import { X } from 'lucide-react'
import { useState } from 'react'
import type { Job } from '../../preload/contract/event.ts'
import type { JobId } from '../../preload/contract/ids.ts'
import { currentJob } from '../actions/active.ts'
import { Button } from '../design/button.tsx'
import { Progress } from '../design/progress.tsx'
import { run, useProject } from '../studio/project.ts'
import { duration } from '../words/amounts.ts'
import { words } from '../words/en.ts'

/** What a job says of how far it is: "step 31 / 50 · 12 s left". */
export function jobFacts({ status, progress }: Job): string {
  if (status === 'queued' || !progress) return words.job.queued
  const step = words.job.step(Math.floor(progress.step), Math.ceil(progress.steps))
  return progress.left === null ? step : `${step} · ${words.job.left(duration(progress.left))}`
}

/** The running job, or the one that is next: always in the same place while there is one. */
export function JobCard() {
  const job = useProject(({ state }) => currentJob(state))
  const waiting = useProject(({ state }) => state?.jobs.filter(({ status }) => status === 'queued').length ?? 0)
  const [stopping, setStopping] = useState<JobId | null>(null)
  if (!job) return null
  const { progress } = job
  const others = waiting - (job.status === 'queued' ? 1 : 0)
  const cancel = () => {
    setStopping(job.id)
    void run({ type: 'job.cancel', job: job.id })
  }
  return (
    <section className="job-card" aria-label={job.label}>
      <div className="job-head">
        <strong className="truncate">{job.label}</strong>
        <span className="job-facts">{jobFacts(job)}</span>
      </div>
      <div className="job-line">
        <span className="truncate">
          {progress?.label}
          {others > 0 && ` · ${words.job.waiting(others)}`}
        </span>
        <Button look="quiet" icon={X} keys="Esc" tip={words.actions['job.cancel']} disabled={stopping === job.id} onClick={cancel}>
          {stopping === job.id ? words.job.stopping : words.job.cancel}
        </Button>
      </div>
      <Progress label={job.label} value={progress ? progress.step / progress.steps : 0} />
    </section>
  )
}
