import { SquareDashed } from 'lucide-react'
import type { Rect } from '../../main/math/rect.ts'
import type { Point } from '../canvas/viewport.ts'
import type { PointerStep, Tool } from './tool.ts'

type Boxing = { readonly from: Point } | null

/** Below this many CSS pixels a hand that drags still means to click. */
export const CLICK = 4

/** The rectangle between two corners within the picture, in whole pixels; a square with Shift. */
export function boxBetween(
  from: Point,
  { at, modifiers }: Pick<PointerStep, 'at' | 'modifiers'>,
  picture: { width: number; height: number },
): Rect {
  const side = Math.max(Math.abs(at.x - from.x), Math.abs(at.y - from.y))
  const to = modifiers.shift ? { x: from.x + side * Math.sign(at.x - from.x), y: from.y + side * Math.sign(at.y - from.y) } : at
  const within = (value: number, limit: number) => Math.round(Math.min(limit, Math.max(0, value)))
  const [left, right] = [within(Math.min(from.x, to.x), picture.width), within(Math.max(from.x, to.x), picture.width)]
  const [top, bottom] = [within(Math.min(from.y, to.y), picture.height), within(Math.max(from.y, to.y), picture.height)]
  return { x: left, y: top, width: right - left, height: bottom - top }
}

export const cornersOf = ({ x, y, width, height }: Rect): number[] => [x, y, x + width, y, x + width, y + height, x, y + height]

/** Shows a part of the picture by a box. */
export const rectangle: Tool<Boxing> = {
  id: 'rectangle',
  title: 'Box',
  icon: SquareDashed,
  shortcut: 'M',
  help: 'Drag a box over what you mean. Shift makes it a square. Esc clears.',
  group: 1,
  cursor: 'crosshair',
  start: null,
  on(state, event, { document }) {
    switch (event.type) {
      case 'press':
        return { state: { from: event.at } }
      case 'drag':
        if (!state) return { state }
        return { state, overlay: { type: 'outline', line: cornersOf(boxBetween(state.from, event, document)) } }
      case 'release': {
        if (!state) return { state }
        const box = boxBetween(state.from, event, document)
        if (box.width < 1 || box.height < 1) return { state: null }
        return { state: null, wishes: [{ type: 'object', region: { from: 'rectangle', ...box } }] }
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
