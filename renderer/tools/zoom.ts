import { ZoomIn } from 'lucide-react'
import { type Look, nextStop, type Point, zoomAbout } from '../canvas/viewport.ts'
import type { Tool } from './tool.ts'

type Zooming = { readonly screen: Point; readonly look: Look; readonly hasMoved: boolean } | null

/** Below this many CSS pixels a hand that drags still means to click. */
const CLICK = 4
/** CSS pixels of drag that double the zoom. */
const DOUBLING = 120

/** Click to come closer, Alt-click to step back, drag to do either by degrees. */
export const zoom: Tool<Zooming> = {
  id: 'zoom',
  title: 'Zoom',
  icon: ZoomIn,
  shortcut: 'Z',
  help: 'Click to zoom in, Alt-click to zoom out. Drag right or left to zoom by degrees.',
  group: 4,
  cursor: 'zoom-in',
  start: null,
  on(state, event, { document, canvas, look }) {
    switch (event.type) {
      case 'press':
        return { state: { screen: event.screen, look, hasMoved: false } }
      case 'drag': {
        if (!state) return { state }
        const dx = event.screen.x - state.screen.x
        if (!state.hasMoved && Math.abs(dx) < CLICK) return { state }
        const next = zoomAbout(canvas, state.look, document, state.look.zoom * 2 ** (dx / DOUBLING), state.screen)
        return { state: { ...state, hasMoved: true }, wishes: [{ type: 'look', look: next }] }
      }
      case 'release': {
        if (!state || state.hasMoved) return { state: null }
        const to = nextStop(look.zoom, event.modifiers.alt ? 'out' : 'in')
        return { state: null, wishes: [{ type: 'look', look: zoomAbout(canvas, look, document, to, event.screen) }] }
      }
      case 'cancel':
        return { state: null }
      case 'key':
        return { state }
      default:
        return event satisfies never
    }
  },
}
