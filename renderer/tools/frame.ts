import { Crop } from 'lucide-react'
import type { Rect } from '../../main/math/rect.ts'
import { SIDE_LIMIT } from '../../preload/contract/document.ts'
import type { Point } from '../canvas/viewport.ts'
import type { PointerStep, Tool } from './tool.ts'

/** Which edges the hand has: -1 the left or upper one, 1 the right or lower one, 0 neither. Both 0: the whole frame. */
interface Grip {
  readonly x: -1 | 0 | 1
  readonly y: -1 | 0 | 1
}

type Framing = { readonly frame: Rect; readonly from: Point; readonly grip: Grip } | null

/** CSS pixels from an edge within which a hand takes it. */
const REACH = 12

/** Which edge or corner of a frame lies under a position; null well outside it. `reach` in document pixels. */
export function gripAt({ x, y, width, height }: Rect, at: Point, reach: number): Grip | null {
  if (at.x < x - reach || at.y < y - reach || at.x > x + width + reach || at.y > y + height + reach) return null
  const side = (value: number, from: number, length: number) => {
    // Narrow frames are taken by the edge that is nearer.
    const isFirst = Math.abs(value - from) <= Math.abs(value - from - length)
    if (Math.abs(value - (isFirst ? from : from + length)) > reach) return 0
    return isFirst ? -1 : 1
  }
  return { x: side(at.x, x, width), y: side(at.y, y, height) }
}

function dragged({ frame, from, grip }: NonNullable<Framing>, { at, modifiers }: PointerStep): Rect {
  const [dx, dy] = [Math.round(at.x - from.x), Math.round(at.y - from.y)]
  if (grip.x === 0 && grip.y === 0) return { ...frame, x: frame.x + dx, y: frame.y + dy }
  const span = (start: number, length: number, grip: -1 | 0 | 1, by: number, both: boolean): [number, number] => {
    if (grip === 0) return [start, length]
    const grown = Math.min(SIDE_LIMIT, Math.max(1, length + grip * by * (both ? 2 : 1)))
    if (both) return [start - Math.round((grown - length) / 2), grown]
    return [grip < 0 ? start + length - grown : start, grown]
  }
  const [x, width] = span(frame.x, frame.width, grip.x, dx, modifiers.alt)
  const [y, height] = span(frame.y, frame.height, grip.y, dy, modifiers.alt)
  return { x, y, width, height }
}

/** Gives the picture another frame: smaller, larger, or both. Nothing happens to the picture until Enter. */
export const frame: Tool<Framing> = {
  id: 'frame',
  title: 'Frame',
  icon: Crop,
  shortcut: 'C',
  help: 'Drag the edges of the picture to crop or extend it. Alt drags both sides. Enter applies, Esc discards.',
  group: 0,
  cursor: 'crosshair',
  start: null,
  on(state, event, { document, look, frame }) {
    const now = frame ?? { x: 0, y: 0, width: document.width, height: document.height }
    switch (event.type) {
      case 'press': {
        const grip = gripAt(now, event.at, REACH / look.zoom)
        return { state: grip && { frame: now, from: event.at, grip } }
      }
      case 'drag':
        return state ? { state, wishes: [{ type: 'frame', frame: dragged(state, event) }] } : { state }
      case 'release':
        return { state: null }
      case 'cancel':
        return { state: null, ...(state && { wishes: [{ type: 'frame', frame: state.frame }] }) }
      case 'key':
        if (!frame) return { state }
        if (event.key === 'Enter') return { state, wishes: [{ type: 'apply-frame' }] }
        if (event.key === 'Escape') return { state, wishes: [{ type: 'frame', frame: null }] }
        return { state }
      default:
        return event satisfies never
    }
  },
}
