import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { JobId } from '../../preload/contract/ids.ts'
import { currentJob } from '../actions/active.ts'
import { announce } from '../design/announcer.tsx'
import { Button } from '../design/button.tsx'
import { Progress } from '../design/progress.tsx'
import { blobUrl } from '../studio/client.ts'
import { run, useProject } from '../studio/project.ts'
import { words } from '../words/en.ts'
import './jobs.css'
import { jobFacts } from './job-facts.ts'

/** Says aloud how jobs end. */
function useSpokenEnds(): void {
  const jobs = useProject(({ state }) => state?.jobs)
  const alive = useRef(new Set<JobId>())
  useEffect(() => {
    for (const { id, label, status } of jobs ?? [])
      if (status === 'queued' || status === 'running') alive.current.add(id)
      else if (alive.current.delete(id)) announce(words.job.ended(label, words.job.status[status].toLowerCase()))
  }, [jobs])
}

/** The running job, or the one that is next: always in the same place while there is one. */
export function JobCard() {
  const job = useProject(({ state }) => currentJob(state))
  useSpokenEnds()
  const waiting = useProject(({ state }) => state?.jobs.filter(({ status }) => status === 'queued').length ?? 0)
  const project = useProject(({ active }) => active)
  const [stopping, setStopping] = useState<JobId | null>(null)
  if (!job) return null
  const { progress } = job
  const preview = progress?.preview
  const shown = preview && project ? blobUrl(project, preview, { type: 'image/png' }) : undefined
  const others = waiting - (job.status === 'queued' ? 1 : 0)
  const cancel = () => {
    setStopping(job.id)
    void run({ type: 'job.cancel', job: job.id })
  }
  return (
    <section className="job-card" aria-label={job.label}>
      <span className="job-preview checker" data-tip={shown && words.job.preview} data-tip-image={shown}>
        {shown && <img src={shown} alt={words.job.preview} />}
      </span>
      <div className="job-head">
        <strong className="truncate" data-tip={job.label}>
          {job.label}
        </strong>
        <Button look="quiet" icon={X} keys="Esc" tip={words.actions['job.cancel']} disabled={stopping === job.id} onClick={cancel}>
          {stopping === job.id ? words.job.stopping : words.job.cancel}
        </Button>
      </div>
      <div className="job-line">
        <span className="truncate">
          {progress?.label}
          {others > 0 && ` · ${words.job.waiting(others)}`}
        </span>
        <span className="job-facts">{jobFacts(job)}</span>
      </div>
      <Progress label={job.label} value={progress ? progress.step / progress.steps : 0} />
    </section>
  )
}
