import { Eraser } from 'lucide-react'
import { strokeBrush } from './brush.ts'
import { idle, type Painting, paint } from './painting.ts'
import type { Tool } from './tool.ts'

/** Takes paint away; on a mask it hides. */
export const eraser: Tool<Painting> = {
  id: 'eraser',
  title: 'Eraser',
  icon: Eraser,
  shortcut: 'E',
  help: 'Drag to erase. Shift-click erases along a straight line.',
  group: 2,
  cursor: 'brush',
  start: idle,
  on: (state, event, view) => paint(state, event, view, strokeBrush(view.brush, true), view.target),
}
