import { CornerDownRight, X } from 'lucide-react'
import type { Job } from '../../preload/contract/event.ts'
import type { ProjectId } from '../../preload/contract/ids.ts'
import { Button, IconButton } from '../design/button.tsx'
import { Progress } from '../design/progress.tsx'
import { blobUrl } from '../studio/client.ts'
import { run, useProject } from '../studio/project.ts'
import { moment } from '../words/amounts.ts'
import { words } from '../words/en.ts'
import './jobs.css'
import { jobFacts } from './job-facts.ts'

const TONES: Readonly<Record<Job['status'], string>> = {
  queued: '',
  running: '',
  done: 'good',
  failed: 'bad',
  cancelled: '',
  interrupted: 'bad',
}
const ended = ({ status }: Job): boolean => status !== 'queued' && status !== 'running'

/** Everything long that was asked for, newest first. */
export function Jobs() {
  const jobs = useProject(({ state }) => state?.jobs) ?? []
  const project = useProject(({ active }) => active)
  if (!project || jobs.length === 0) return <p className="empty-note">{words.job.none}</p>
  const finished = jobs.filter(ended)
  return (
    <div className="jobs-list">
      <ul>
        {jobs.toReversed().map((job) => (
          <li key={job.id}>
            <JobRow job={job} project={project} />
          </li>
        ))}
      </ul>
      {finished.length > 1 && (
        <div className="jobs-foot">
          <Button look="quiet" onClick={() => finished.forEach(({ id }) => void run({ type: 'job.dismiss', job: id }))}>
            {words.job.dismissAll}
          </Button>
        </div>
      )}
    </div>
  )
}

function JobRow({ job, project }: { readonly job: Job; readonly project: ProjectId }) {
  const { id, status, progress, fault, revision, endedAt } = job
  const over = ended(job)
  return (
    <div className="job-row">
      {progress?.preview && (
        <span className="job-preview">
          <img src={blobUrl(project, progress.preview, { type: 'image/png' })} alt={words.job.preview} />
        </span>
      )}
      <div className="job-body">
        <span className="truncate">{job.label}</span>
        <span className={`job-status ${TONES[status]}`}>
          {over ? `${words.job.status[status]} · ${moment(endedAt ?? job.createdAt)}` : jobFacts(job)}
        </span>
        {!over && <Progress label={job.label} value={progress ? progress.step / progress.steps : 0} />}
        {fault && status !== 'cancelled' && <p className="job-fault">{`${fault.what} ${fault.why} ${fault.todo}`}</p>}
      </div>
      {revision && over && (
        <IconButton icon={CornerDownRight} label={words.job.show} onClick={() => void run({ type: 'history.jump', revision })} />
      )}
      {over ? (
        <IconButton icon={X} label={words.job.dismiss} onClick={() => void run({ type: 'job.dismiss', job: id })} />
      ) : (
        <IconButton icon={X} label={words.job.cancel} onClick={() => void run({ type: 'job.cancel', job: id })} />
      )}
    </div>
  )
}
