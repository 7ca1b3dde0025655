import { useShell } from '../panels/shell.ts'
import { useNotices } from '../studio/notices.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'
import type { Action } from './action.ts'
import { activeLayer, hasProject } from './active.ts'
import { setLayer } from './layers.ts'

const titles = words.actions
const THEMES = ['system', 'dark', 'light', 'contrast'] as const

/** Grows or shrinks a brush so that each press is felt the same: fine when small, bold when large. */
export function resized(size: number, direction: 1 | -1): number {
  const steps = [10, 50, 100, 200, 500, 2000]
  const stride = [1, 5, 10, 20, 50, 100]
  const reference = direction > 0 ? size : size - 0.5
  const at = steps.findIndex((limit) => reference < limit)
  return Math.max(1, Math.min(2000, Math.round(size + direction * (stride[at < 0 ? 5 : at] ?? 1))))
}

const brush = (id: keyof typeof titles, keys: readonly string[], change: () => void): Action => ({
  id,
  title: titles[id],
  group: 'brush',
  keys,
  run: change,
})
const size = (direction: 1 | -1) => () => {
  const { brush, setBrush } = useView.getState()
  setBrush({ size: resized(brush.size, direction) })
}
const hardness = (by: number) => () => {
  const { brush, setBrush } = useView.getState()
  setBrush({ hardness: Math.max(0, Math.min(1, Math.round((brush.hardness + by) * 100) / 100)) })
}

export function swapColors(): void {
  const { brush, setBrush } = useView.getState()
  setBrush({ color: brush.background, background: brush.color })
}

export const resetColors = (): void => useView.getState().setBrush({ color: [0, 0, 0], background: [255, 255, 255] })

/** A digit sets the opacity of the tool in hand where it paints, of the layer otherwise; 0 is 100 %. */
export function setOpacity(digit: number): void {
  const opacity = digit === 0 ? 1 : digit / 10
  const { tool, setBrush } = useView.getState()
  if (tool === 'brush' || tool === 'eraser' || tool === 'mask-brush') setBrush({ opacity })
  else {
    const layer = activeLayer()
    if (layer) setLayer(layer.id, { opacity })
  }
}

const zoom = (id: keyof typeof titles, keys: readonly string[], to: 'fit' | 'in' | 'out' | number): Action => ({
  id,
  title: titles[id],
  group: 'view',
  keys,
  enabled: hasProject,
  run: () => useView.getState().requestZoom(to),
})

export const viewActions: readonly Action[] = [
  brush('brush.smaller', ['['], size(-1)),
  brush('brush.larger', [']'], size(1)),
  brush('brush.softer', ['Shift+['], hardness(-0.25)),
  brush('brush.harder', ['Shift+]'], hardness(0.25)),
  brush('colors.swap', ['X'], swapColors),
  brush('colors.reset', ['D'], resetColors),
  zoom('view.fit', ['Mod+0'], 'fit'),
  zoom('view.actual', ['Mod+1'], 1),
  zoom('view.in', ['Mod+=', 'Mod++'], 'in'),
  zoom('view.out', ['Mod+-'], 'out'),
  { id: 'view.panels', title: titles['view.panels'], group: 'view', keys: ['Tab'], run: () => useShell.getState().togglePanels() },
  {
    id: 'view.theme',
    title: titles['view.theme'],
    group: 'view',
    run: () => {
      const { theme, setTheme } = useShell.getState()
      setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system')
    },
  },
  {
    id: 'view.tab-hides',
    title: titles['view.tab-hides'],
    group: 'view',
    run: () => {
      const { tabHides, setTabHides } = useShell.getState()
      setTabHides(!tabHides)
      useNotices.getState().tell({ tone: 'plain', what: tabHides ? words.tabHides.off : words.tabHides.on })
    },
  },
  {
    id: 'models.manage',
    title: titles['models.manage'],
    group: 'file',
    run: () => useShell.getState().show({ kind: 'models' }),
  },
  {
    id: 'help.palette',
    title: titles['help.palette'],
    group: 'help',
    keys: ['Mod+K', 'Mod+Shift+P'],
    run: () => useShell.getState().show({ kind: 'palette' }),
  },
  {
    id: 'help.shortcuts',
    title: titles['help.shortcuts'],
    group: 'help',
    keys: ['?', 'F1'],
    run: () => useShell.getState().show({ kind: 'shortcuts' }),
  },
]
