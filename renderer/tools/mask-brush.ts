import { SquareDashedBottom as MaskIcon } from 'lucide-react'
import { strokeBrush } from './brush.ts'
import { idle, type Painting, paint } from './painting.ts'
import type { Tool } from './tool.ts'

/** Paints on the mask of the active layer: hides, or with Control (Command on a Mac) brings back. */
export const maskBrush: Tool<Painting> = {
  id: 'mask-brush',
  title: 'Mask brush',
  icon: MaskIcon,
  shortcut: 'Q',
  help: 'Drag to hide part of the layer. Hold Ctrl to bring it back. Nothing is lost.',
  group: 2,
  cursor: 'brush',
  start: idle,
  on(state, event, view) {
    const isReveal = 'modifiers' in event && event.modifiers.mod
    const brush = state.type === 'stroke' ? state.brush : strokeBrush(view.brush, !isReveal)
    return paint(state, event, view, brush, 'mask')
  },
}
