import { WandSparkles } from 'lucide-react'
import type { Point } from '../canvas/viewport.ts'
import { boxBetween, CLICK, cornersOf } from './rectangle.ts'
import type { PointerStep, Tool, ToolView, Wish } from './tool.ts'

type Pointing = { readonly from: Point; readonly screen: Point } | null

const refused = (layer: ToolView['layer']): Wish => ({
  type: 'refuse',
  what: 'Nothing was picked.',
  why: layer ? 'The layer has no pixels in which a thing could be found.' : 'No layer is selected.',
  todo: 'Select the layer with the thing in the list, then click again.',
  remedy: null,
})

const isClick = ({ screen }: NonNullable<Pointing>, event: PointerStep): boolean =>
  Math.hypot(event.screen.x - screen.x, event.screen.y - screen.y) < CLICK

/** Finds the thing under a click. Shift-click says that something more belongs to it, Alt-click that something does not; a box tells where to look. */
export const object: Tool<Pointing> = {
  id: 'object',
  title: 'Object',
  icon: WandSparkles,
  shortcut: 'W',
  help: 'Click a thing, or drag a box around it. Shift-click adds to it, Alt-click takes away. Esc clears.',
  group: 1,
  cursor: 'crosshair',
  start: null,
  on(state, event, { document, layer }) {
    switch (event.type) {
      case 'press':
        if (!layer?.pixels) return { state: null, wishes: [refused(layer)] }
        return { state: { from: event.at, screen: event.screen } }
      case 'drag':
        if (!state || isClick(state, event)) return { state }
        return { state, overlay: { type: 'outline', line: cornersOf(boxBetween(state.from, event, document)) } }
      case 'release': {
        if (!state) return { state }
        if (!isClick(state, event)) {
          const box = boxBetween(state.from, event, document)
          if (box.width < 1 || box.height < 1) return { state: null }
          return { state: null, wishes: [{ type: 'object', region: { from: 'thing', on: [], beside: [], box } }] }
        }
        const { x, y } = state.from
        if (x < 0 || y < 0 || x >= document.width || y >= document.height) return { state: null }
        const { shift, alt } = event.modifiers
        return { state: null, wishes: [{ type: 'point', at: state.from, is: alt ? 'beside' : shift ? 'on too' : 'on' }] }
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
