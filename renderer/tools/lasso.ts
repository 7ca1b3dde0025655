import { LassoSelect } from 'lucide-react'
import { simplified } from '../canvas/simplify.ts'
import type { Tool } from './tool.ts'

type Line = readonly (readonly [number, number])[]

/** How far the line may be straightened, in CSS pixels. */
const TOLERANCE = 0.5

/** Shows a part of the picture by a line drawn around it. */
export const lasso: Tool<Line | null> = {
  id: 'lasso',
  title: 'Lasso',
  icon: LassoSelect,
  shortcut: 'L',
  help: 'Draw around what you mean. Esc clears.',
  group: 1,
  cursor: 'crosshair',
  start: null,
  on(state, event, { document, look }) {
    switch (event.type) {
      case 'press':
        return { state: [[clamped(event.at.x, document.width), clamped(event.at.y, document.height)]] }
      case 'drag': {
        if (!state) return { state }
        const line: Line = [...state, ...event.points.map(([x, y]) => [clamped(x, document.width), clamped(y, document.height)] as const)]
        return { state: line, overlay: { type: 'outline', line: line.flat() } }
      }
      case 'release': {
        if (!state) return { state }
        const points = simplified(state, TOLERANCE / look.zoom).map(([x, y]): [number, number] => [x, y])
        if (points.length < 3) return { state: null }
        return { state: null, wishes: [{ type: 'object', region: { from: 'polygon', points } }] }
      }
      case 'cancel':
        return { state: null }
      case 'key':
        return state ? { state, overlay: { type: 'outline', line: state.flat() } } : { state }
      default:
        return event satisfies never
    }
  },
}

const clamped = (value: number, limit: number): number => Math.min(limit, Math.max(0, value))
