import { Hand } from 'lucide-react'
import { type Look, type Point, panBy } from '../canvas/viewport.ts'
import type { Tool } from './tool.ts'

type Holding = { readonly screen: Point; readonly look: Look } | null

/** Moves the view, not the picture. */
export const hand: Tool<Holding> = {
  id: 'hand',
  title: 'Hand',
  icon: Hand,
  shortcut: 'H',
  help: 'Drag to move the view. Holding Space does the same with any tool.',
  group: 4,
  cursor: 'grab',
  start: null,
  on(state, event, { document, look }) {
    switch (event.type) {
      case 'press':
        return { state: { screen: event.screen, look } }
      case 'drag': {
        if (!state) return { state }
        const dx = state.screen.x - event.screen.x
        const dy = state.screen.y - event.screen.y
        return { state, wishes: [{ type: 'look', look: panBy(state.look, document, dx, dy) }] }
      }
      case 'release':
      case 'cancel':
        return { state: null }
      case 'key':
        return { state }
      default:
        return event satisfies never
    }
  },
}
