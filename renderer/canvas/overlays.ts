import { activeObject, isQuiet, objectsOf, subscribeObjects } from '../studio/objects.ts'
import { useProject } from '../studio/project.ts'
import { type ToolId, useView } from '../studio/view.ts'
import type { Easel } from './easel.ts'

/** Tools that show parts of the picture: while one is in hand it matters what is left out. */
const SHOWING: readonly ToolId[] = ['rectangle', 'lasso', 'object']
/** Milliseconds between two steps of the dashes. */
const PACE = 120

/** Keeps what lies over the picture as the stores have it: objects, and the frame while its tool is in hand. @returns how to end that. */
export function followOverlays(easel: Easel): () => void {
  const show = () => {
    const { tool, frame } = useView.getState()
    const picture = useProject.getState().state?.document
    easel.marks.objects.show(isQuiet() ? [] : objectsOf(), activeObject(), SHOWING.includes(tool))
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
  // Nobody sees dashes walk in a window that is hidden, and some do not want to.
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  const pace = setInterval(() => {
    if (!easel.marks.objects.hasOutlines || document.hidden || still.matches) return
    easel.marks.objects.walk()
    easel.drawMarks()
  }, PACE)
  return () => {
    clearInterval(pace)
    for (const end of endings) end()
  }
}
