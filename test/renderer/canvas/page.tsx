import { createRoot } from 'react-dom/client'
import type { ProjectState } from '../../../preload/contract/event.ts'
import { Stage } from '../../../renderer/canvas/stage.tsx'
import { useProject } from '../../../renderer/studio/project.ts'
import { useView } from '../../../renderer/studio/view.ts'
import '../../../renderer/design/tokens.css'

/** The real stage by itself, its stores within reach of the test. */
declare global {
  interface Window {
    stage: { show(state: ProjectState): void; readonly view: typeof useView }
  }
}

window.stage = {
  show: (state) => useProject.setState({ state, open: [state], active: state.file.id }),
  view: useView,
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<Stage />)
