import { createLucideIcon } from 'lucide-react'

/** A mask as it looks in the list: a white disc on black. */
export const MaskIcon = createLucideIcon('mask', [
  ['rect', { x: '3', y: '4', width: '18', height: '16', rx: '2', key: 'sheet' }],
  ['circle', { cx: '12', cy: '12', r: '4', fill: 'currentColor', key: 'hole' }],
])
