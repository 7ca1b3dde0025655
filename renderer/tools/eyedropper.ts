import { Pipette } from 'lucide-react'
import type { Tool } from './tool.ts'

/** Takes a colour from the picture as it is seen, all layers together. Shift takes it for the background. */
export const eyedropper: Tool<null> = {
  id: 'eyedropper',
  title: 'Eyedropper',
  icon: Pipette,
  shortcut: 'I',
  help: 'Click to take a colour from the picture. Shift takes it for the background.',
  group: 3,
  cursor: 'crosshair',
  start: null,
  on(_, event, { document }) {
    if (event.type !== 'press' && event.type !== 'drag') return { state: null }
    const at = { x: Math.floor(event.at.x), y: Math.floor(event.at.y) }
    const isInside = at.x >= 0 && at.y >= 0 && at.x < document.width && at.y < document.height
    if (!isInside) return { state: null }
    return { state: null, wishes: [{ type: 'pick', at, to: event.modifiers.shift ? 'background' : 'color' }] }
  },
}
