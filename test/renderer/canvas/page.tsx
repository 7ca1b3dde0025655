import { createRoot } from 'react-dom/client'
import type { ProjectState } from '../../../preload/contract/event.ts'
import { Stage } from '../../../renderer/canvas/stage.tsx'
import { useProject } from '../../../renderer/studio/project.ts'
import { useView } from '../../../renderer/studio/view.ts'

/** The real stage by itself, its stores within reach of the test. */
declare global {
  interface Window {
    stage: { show(state: string): void; readonly view: typeof useView }
  }
}

window.stage = {
  show(json) {
    const state = JSON.parse(json) as ProjectState
    useProject.setState({ state, open: [state], active: state.file.id })
  },
  view: useView,
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<Stage />)
