import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './design/base.css'
import { perform } from './actions/index.ts'
import { setTheme } from './design/theme.ts'
import { Crash } from './panels/crash.tsx'
import { keepSettings } from './panels/knobs/kept-settings.ts'
import { useShell } from './panels/shell.ts'
import { desktop } from './studio/bridge.ts'
import { followFrames } from './studio/frames.ts'
import { keepPictures } from './studio/keep-pictures.ts'
import { tellFault } from './studio/notices.ts'
import { openProject, startStudio } from './studio/project.ts'

setTheme(useShell.getState().theme)
useShell.subscribe(({ theme }) => setTheme(theme))

const root = document.getElementById('app')
if (root)
  createRoot(root).render(
    <Crash>
      <App />
    </Crash>,
  )
followFrames()
keepPictures(localStorage)
keepSettings(localStorage)
void startStudio().catch(tellFault)
desktop()?.onMenu(perform)
desktop()?.onOpenPath((path) => void openProject({ from: 'path', path }))
