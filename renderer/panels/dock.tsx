import type { ReactNode } from 'react'
import { Handle } from '../design/handle.tsx'
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
import { DOCK_WIDTH, type DockPart, useShell } from './shell.ts'

/** What the studio can do to the picture. A tab is here once there is something behind it. */
const DEEDS: readonly { readonly id: Deed; readonly title: string; readonly panel: ReactNode }[] = [
  { id: 'restore', title: words.dock.restore, panel: <Restore /> },
  { id: 'edit', title: words.dock.edit, panel: <Edit /> },
  { id: 'generate', title: words.dock.generate, panel: <Generate /> },
]

/** Least height of a part that is dragged, in CSS pixels: its tabs and a little of what it holds. */
const LEAST: Readonly<Record<DockPart, number>> = { deeds: 120, layers: 116, lower: 72 }

const PARTS = Object.keys(LEAST) as DockPart[]

/** Higher than any window; in CSS pixels. */
const MOST_HEIGHT = 10_000

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
      <WidthHandle />
      <Tabs<Deed>
        {...usePart('deeds', words.dock.deeds)}
        label={words.dock.deeds}
        tabs={DEEDS.map((tab) => (tab.id === 'edit' ? { ...tab, count: objects } : tab))}
        active={deed}
        onSelect={setDeed}
      >
        <div className="dock-scroll">{DEEDS.find(({ id }) => id === deed)?.panel}</div>
      </Tabs>
      <HeightHandle part="deeds" label={words.dock.deedsHeight} of="before" />
      <JobCard />
      <Tabs
        {...usePart('layers', words.dock.layers)}
        label={words.dock.layers}
        tabs={[{ id: 'layers', title: words.dock.layers }]}
        active="layers"
        onSelect={() => {}}
        aside={<LayerButtons />}
      >
        <Layers />
      </Tabs>
      <HeightHandle part="lower" label={words.dock.lowerHeight} of="after" />
      <Tabs
        {...usePart('lower', words.dock.history)}
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

/** How much room a part has, and whether it is folded. */
function usePart(part: DockPart, title: string) {
  const height = useShell(({ dockHeights }) => dockHeights[part])
  const isShared = useShell(({ dockHeights }) => Object.keys(dockHeights).length === 0)
  const isFolded = useShell(({ folded }) => folded.includes(part))
  const { fold } = useShell.getState()
  return {
    className: `dock-part dock-${part}`,
    // A height that was given holds as long as the others have anything to give.
    style: height !== undefined ? { flex: `0 0.0001 ${height}px` } : part === 'layers' && !isShared ? { flexBasis: LEAST.layers } : {},
    fold: { isFolded, label: isFolded ? words.dock.unfold(title) : words.dock.fold(title), onFold: (is: boolean) => fold(part, is) },
  }
}

function WidthHandle() {
  const width = useShell((shell) => shell.dockWidth)
  const { setDockWidth } = useShell.getState()
  return (
    <Handle
      label={words.dock.resize}
      axis="width"
      of="after"
      value={width}
      min={DOCK_WIDTH.min}
      max={DOCK_WIDTH.max}
      automatic=""
      measure={() => ({ size: width, most: DOCK_WIDTH.max })}
      onChange={setDockWidth}
      onReset={() => setDockWidth(DOCK_WIDTH.initial)}
    />
  )
}

/** The edge of a part whose height can be given: above or below the layers, which take what is left. */
function HeightHandle({ part, label, of }: { readonly part: DockPart; readonly label: string; readonly of: 'before' | 'after' }) {
  const height = useShell(({ dockHeights }) => dockHeights[part] ?? null)
  const folded = useShell((shell) => shell.folded)
  const { setDockHeight } = useShell.getState()
  if (folded.includes(part) || folded.includes('layers')) return null
  // It grows into the others, and no further than they can give way.
  const measure = (handle: HTMLElement) => {
    const heightOf = (name: DockPart) => handle.parentElement?.querySelector(`.dock-${name}`)?.getBoundingClientRect().height ?? 0
    const others = PARTS.filter((other) => other !== part && !folded.includes(other))
    const room = others.reduce((sum, other) => sum + Math.max(0, heightOf(other) - LEAST[other]), 0)
    return { size: heightOf(part), most: heightOf(part) + room }
  }
  return (
    <Handle
      label={label}
      axis="height"
      of={of}
      value={height}
      min={LEAST[part]}
      max={MOST_HEIGHT}
      automatic={words.dock.automatic}
      measure={measure}
      onChange={(next) => setDockHeight(part, next)}
      onReset={() => setDockHeight(part, null)}
    />
  )
}
