import { create } from 'zustand'
import type { BranchId, LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { type Deed, useSettings } from './knobs/settings.ts'

export type Theme = 'system' | 'dark' | 'light' | 'contrast'

/** The dialog in front, with what it is about. */
export type OpenDialog =
  | { readonly kind: 'new' }
  | { readonly kind: 'export'; readonly layer: LayerId | null }
  | { readonly kind: 'save'; readonly project: ProjectId }
  | { readonly kind: 'version'; readonly revision: RevisionId }
  | { readonly kind: 'branch'; readonly branch: BranchId }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'models' }

/** How the window is arranged. The lasting part is remembered on this machine. */
interface Shell {
  readonly theme: Theme
  readonly dockWidth: number
  /** Does Tab hide the panels, as in other editors, or move the focus? */
  readonly tabHides: boolean
  readonly panels: boolean
  readonly dialog: OpenDialog | null
  readonly deed: Deed
  /** Counts the wishes to type in the deed's first field: each new number is answered once. */
  readonly focusSerial: number
  readonly lower: 'history' | 'jobs'
  /** The layer whose name is being typed. */
  readonly renaming: LayerId | null
  setTheme(theme: Theme): void
  setDockWidth(width: number): void
  setTabHides(tabHides: boolean): void
  togglePanels(): void
  show(dialog: OpenDialog | null): void
  setDeed(deed: Deed): void
  setLower(lower: 'history' | 'jobs'): void
  rename(layer: LayerId | null): void
}

const KEY = 'palimpsest.shell'
export const DOCK_WIDTH = { min: 280, initial: 328, max: 520 } as const

interface Kept {
  readonly theme: Theme
  readonly dockWidth: number
  readonly tabHides: boolean
}

function kept(): Kept {
  const initial: Kept = { theme: 'system', dockWidth: DOCK_WIDTH.initial, tabHides: true }
  try {
    return { ...initial, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>) }
  } catch {
    return initial
  }
}

export const useShell = create<Shell>()((set) => ({
  ...kept(),
  panels: true,
  dialog: null,
  deed: 'restore',
  focusSerial: 0,
  lower: 'history',
  renaming: null,
  setTheme: (theme) => set({ theme }),
  setDockWidth: (width) => set({ dockWidth: Math.max(DOCK_WIDTH.min, Math.min(DOCK_WIDTH.max, Math.round(width))) }),
  setTabHides: (tabHides) => set({ tabHides }),
  togglePanels: () => set(({ panels }) => ({ panels: !panels })),
  show: (dialog) => set({ dialog }),
  setDeed: (deed) => set({ deed }),
  setLower: (lower) => set({ lower }),
  rename: (renaming) => set({ renaming }),
}))

useShell.subscribe(({ theme, dockWidth, tabHides }, before) => {
  if (theme !== before.theme || dockWidth !== before.dockWidth || tabHides !== before.tabHides)
    localStorage.setItem(KEY, JSON.stringify({ theme, dockWidth, tabHides } satisfies Kept))
})

/** Brings a panel of deeds to the front, with a method chosen where one is named, and the keyboard in its first field. */
export function openDeed(deed: Deed, { method, focus = false }: { readonly method?: string; readonly focus?: boolean } = {}): void {
  if (method) useSettings.getState().choose(deed, method)
  useShell.setState(({ focusSerial }) => ({ panels: true, deed, ...(focus && { focusSerial: focusSerial + 1 }) }))
}
