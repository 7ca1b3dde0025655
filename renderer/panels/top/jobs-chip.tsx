import { ProgressRing } from '../../design/progress.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { useShell } from '../shell.ts'

/** How many jobs there are, and how far the running one is. A click shows them. */
export function JobsChip() {
  const jobs = useProject(({ state }) => state?.jobs) ?? []
  const alive = jobs.filter(({ status }) => status === 'running' || status === 'queued')
  const progress = alive.find(({ status }) => status === 'running')?.progress
  return (
    <button
      type="button"
      className="chip"
      onClick={() => {
        const { panels, togglePanels, setLower } = useShell.getState()
        if (!panels) togglePanels()
        setLower('jobs')
      }}
    >
      <ProgressRing value={progress ? progress.step / progress.steps : null} />
      {alive.length === 0 ? words.top.noJobs : words.top.jobs(alive.length)}
    </button>
  )
}
