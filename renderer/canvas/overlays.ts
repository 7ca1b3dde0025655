import { activeObject, isQuiet, objectsOf, subscribeObjects } from '../studio/objects.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import type { Easel } from './easel.ts'

/** Keeps what lies over the picture as the stores have it: objects, and the frame while its tool is in hand. @returns how to end that. */
export function followOverlays(easel: Easel): () => void {
  const show = () => {
    const { tool, frame } = useView.getState()
    const picture = useProject.getState().state?.document
    easel.marks.objects.show(isQuiet() ? [] : objectsOf(), activeObject())
    easel.marks.frame.show(tool === 'frame' && picture ? (frame ?? { x: 0, y: 0, width: picture.width, height: picture.height }) : null)
    easel.request()
  }
  const endings = [
    subscribeObjects(show),
    useView.subscribe(({ tool, frame }, before) => {
      if (tool !== before.tool || frame !== before.frame) show()
    }),
    useProject.subscribe(({ state, active }, before) => {
      if (state?.document !== before.state?.document || active !== before.active) show()
    }),
  ]
  show()
  return () => {
    for (const end of endings) end()
  }
}
