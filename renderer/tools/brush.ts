import { Brush as BrushIcon } from 'lucide-react'
import type { Brush } from '../../preload/contract/command.ts'
import type { BrushSettings } from '../studio/view.ts'
import { idle, type Painting, paint } from './painting.ts'
import type { Tool } from './tool.ts'

/** Distance between dabs, as a share of the diameter: closer for a soft brush would not be seen. */
const SPACING = 0.08

/** The brush as the artist has set it, as a stroke takes it along. */
export const strokeBrush = ({ size, hardness, opacity, color }: BrushSettings, erase: boolean): Brush => ({
  size,
  hardness,
  opacity,
  spacing: SPACING,
  color: [color[0], color[1], color[2]],
  erase,
  pressureSize: true,
})

/** Lays colour. Where the mask of the layer is being edited, it reveals, and black hides. */
export const brush: Tool<Painting> = {
  id: 'brush',
  title: 'Brush',
  icon: BrushIcon,
  shortcut: 'B',
  help: 'Drag to paint. Shift-click draws a straight line. Alt takes a colour.',
  group: 2,
  cursor: 'brush',
  start: idle,
  on: (state, event, view) => paint(state, event, view, strokeBrush(view.brush, view.target === 'mask' && isDark(view.brush)), view.target),
}

/** On a mask black paint hides and white paint shows, as everywhere. */
const isDark = ({ color: [red, green, blue] }: BrushSettings): boolean => 0.3 * red + 0.59 * green + 0.11 * blue < 128
