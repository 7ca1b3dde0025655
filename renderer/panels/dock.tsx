import type { KeyboardEvent, PointerEvent, ReactNode } from 'react'
import { Tabs } from '../design/tabs.tsx'
import { useObjectCount } from '../studio/objects.ts'
import { useProject } from '../studio/project.ts'
import { words } from '../words/en.ts'
import './dock.css'
import { History } from './history/history.tsx'
import { Edit } from './imagine/edit.tsx'
import { Generate } from './imagine/generate.tsx'
import { JobCard } from './job-card.tsx'
import { Jobs } from './jobs.tsx'
import { useLearning } from './knobs/forecast.ts'
import type { Deed } from './knobs/settings.ts'
import { LayerButtons, Layers } from './layers/layers.tsx'
import { Restore } from './restore/restore.tsx'
import { DOCK_WIDTH, useShell } from './shell.ts'

/** What the studio can do to the picture. A tab is here once there is something behind it. */
const DEEDS: readonly { readonly id: Deed; readonly title: string; readonly panel: ReactNode }[] = [
  { id: 'restore', title: words.dock.restore, panel: <Restore /> },
  { id: 'edit', title: words.dock.edit, panel: <Edit /> },
  { id: 'generate', title: words.dock.generate, panel: <Generate /> },
]

/** The right side of the window: deeds, the running job, layers, history. */
export function Dock() {
  useLearning()
  const deed = useShell((shell) => shell.deed)
  const setDeed = useShell((shell) => shell.setDeed)
  const objects = useObjectCount()
  const lower = useShell((shell) => shell.lower)
  const setLower = useShell((shell) => shell.setLower)
  const jobs = useProject(({ state }) => state?.jobs.filter(({ status }) => status === 'running' || status === 'queued').length ?? 0)
  return (
    <aside className="dock" aria-label={words.dock.label}>
      <ResizeHandle />
      <Tabs<Deed>
        className="dock-deeds"
        label={words.dock.deeds}
        tabs={DEEDS.map((tab) => (tab.id === 'edit' ? { ...tab, count: objects } : tab))}
        active={deed}
        onSelect={setDeed}
      >
        <div className="dock-scroll">{DEEDS.find(({ id }) => id === deed)?.panel}</div>
      </Tabs>
      <JobCard />
      <Tabs
        className="dock-layers"
        label={words.dock.layers}
        tabs={[{ id: 'layers', title: words.dock.layers }]}
        active="layers"
        onSelect={() => {}}
        aside={<LayerButtons />}
      >
        <Layers />
      </Tabs>
      <Tabs
        className="dock-lower"
        label={words.dock.history}
        tabs={[
          { id: 'history', title: words.dock.history },
          { id: 'jobs', title: words.dock.jobs, count: jobs },
        ]}
        active={lower}
        onSelect={setLower}
      >
        {lower === 'history' ? <History /> : <Jobs />}
      </Tabs>
    </aside>
  )
}

function ResizeHandle() {
  const width = useShell((shell) => shell.dockWidth)
  const { setDockWidth } = useShell.getState()
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const start = event.clientX
    const handle = event.currentTarget
    handle.setPointerCapture(event.pointerId)
    handle.onpointermove = ({ clientX }) => setDockWidth(width + start - clientX)
    handle.onpointerup = () => {
      handle.onpointermove = null
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: 8, ArrowRight: -8 }[event.key]
    if (!by) return
    event.preventDefault()
    setDockWidth(width + by)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be dragged.
    <div
      className="dock-handle"
      role="separator"
      aria-orientation="vertical"
      aria-label={words.dock.resize}
      aria-valuenow={width}
      aria-valuemin={DOCK_WIDTH.min}
      aria-valuemax={DOCK_WIDTH.max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={() => setDockWidth(DOCK_WIDTH.initial)}
    />
  )
}
