import { RefreshCw, X } from 'lucide-react'
import { Button, IconButton } from '../../design/button.tsx'
import { Progress } from '../../design/progress.tsx'
import { bytes } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'
import './models.css'
import { forget, isBusy, useWorks, type Work } from './work.ts'

/** How far something is, or how it ended. Nothing where nothing was begun. */
export function WorkLine({ subject, done }: { readonly subject: string; readonly done?: string }) {
  const work = useWorks(({ of }) => of[subject])
  if (!work) return null
  return work.ended === null ? <Running work={work} /> : <Ended work={work} done={done} onForget={() => forget(subject)} />
}

function Running({ work: { progress, stop } }: { readonly work: Work }) {
  const label = progress?.label ?? words.models.beginning
  const amount = (value: number) => (progress?.unit === 'bytes' ? bytes(value) : String(Math.round(value)))
  return (
    <div className="work-line">
      <span className="truncate">{label}</span>
      <span className="work-amount">
        {progress && (progress.of === null ? amount(progress.done) : words.models.of(amount(progress.done), amount(progress.of)))}
      </span>
      <IconButton icon={X} size={14} label={words.models.stop} onClick={stop} />
      <Progress label={label} value={progress?.of ? progress.done / progress.of : 0} />
    </div>
  )
}

function Ended({ work: { ended, notes }, done, onForget }: { readonly work: Work; readonly done: string | undefined; onForget(): void }) {
  const fault = typeof ended === 'object' ? ended : null
  const text = fault
    ? `${fault.what} ${fault.why} ${fault.todo}`
    : ended === 'stopped'
      ? words.models.stopped
      : [done, ...notes].filter(Boolean).join(' ')
  if (!text) return null
  return (
    <div className={`work-line ended ${fault ? 'bad' : ''}`} role="status">
      <p>{text}</p>
      <IconButton icon={X} size={14} label={words.notices.dismiss} onClick={onForget} />
    </div>
  )
}

/** Why the models of this machine could not be listed; nothing while they can. What is shown then is as old as the last answer. */
export function ListFault({ work, onRetry }: { readonly work: Work | undefined; onRetry(): void }) {
  const fault = work !== undefined && typeof work.ended === 'object' ? work.ended : null
  if (!fault) return null
  return (
    <div className="list-fault" role="alert">
      <p>{`${fault.what} ${fault.why} ${fault.todo}`}</p>
      <Button icon={RefreshCw} onClick={onRetry}>
        {words.models.listAgain}
      </Button>
    </div>
  )
}

/** Everything that is being done with models, for whoever has closed the dialog. Being listed is nothing to wait for. */
export function RunningWorks() {
  const works = useWorks(({ of }) => of)
  const running = Object.keys(works).filter((subject) => subject !== 'list' && isBusy(works[subject]))
  return running.map((subject) => <WorkLine key={subject} subject={subject} />)
}
