import { useEffect } from 'react'
import { listenForShortcuts } from './actions/keyboard.ts'
import './app.css'
import { Stage } from './canvas/stage.tsx'
import { Announcer } from './design/announcer.tsx'
import { Menus } from './design/menu.tsx'
import { Tooltips } from './design/tooltip.tsx'
import { Dialogs } from './panels/dialogs/dialogs.tsx'
import { Dock } from './panels/dock.tsx'
import { DropZone } from './panels/drop-zone.tsx'
import { useKeptActiveLayer } from './panels/keep-active-layer.ts'
import { Notices } from './panels/notices.tsx'
import { useShell } from './panels/shell.ts'
import { StartPage } from './panels/start-page.tsx'
import { StatusBar } from './panels/status-bar.tsx'
import { ToolOptions } from './panels/tool-options.tsx'
import { ToolRail } from './panels/tool-rail.tsx'
import { TopBar } from './panels/top/top-bar.tsx'
import { UnderPicture } from './panels/under-picture.tsx'
import { useProject } from './studio/project.ts'
import { words } from './words/en.ts'

/** The window: its zones, and what floats above them. */
export function App() {
  const open = useProject(({ state }) => state !== null)
  const panels = useShell((state) => state.panels)
  const dockWidth = useShell((state) => state.dockWidth)
  useKeptActiveLayer()
  useEffect(listenForShortcuts, [])
  const title = useProject(({ state }) => state?.file.title)
  useEffect(() => {
    document.title = title ? `${title} · ${words.app}` : words.app
  }, [title])
  const shown = open && panels
  return (
    <div
      className={`app ${shown ? '' : 'bare'}`}
      style={{ gridTemplateColumns: shown ? `48px minmax(0, 1fr) ${dockWidth}px` : 'minmax(0, 1fr)' }}
    >
      <TopBar />
      {shown && <ToolOptions />}
      {shown && <ToolRail />}
      <main className="canvas-zone" aria-label={words.zones.canvas}>
        {open ? <Stage taskBar={<UnderPicture />} /> : <StartPage />}
      </main>
      {shown && <Dock />}
      {(shown || !open) && <StatusBar />}
      <Notices />
      <DropZone />
      <Dialogs />
      <Menus />
      <Tooltips />
      <Announcer />
    </div>
  )
}
