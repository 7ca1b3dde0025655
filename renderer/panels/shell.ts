import { z } from 'zod'
import { create } from 'zustand'
import type { BranchId, LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { type Deed, useSettings } from './knobs/settings.ts'

const Theme = z.enum(['system', 'dark', 'light', 'contrast'])
export type Theme = z.infer<typeof Theme>

/** The parts of the dock, from above. */
export type DockPart = 'deeds' | 'layers' | 'lower'

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
  /** Heights that the artist has given parts of the dock, in CSS pixels; the others share what is left. */
  readonly dockHeights: Readonly<Partial<Record<DockPart, number>>>
  /** Parts of the dock of which only the tabs are seen. */
  readonly folded: readonly DockPart[]
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
  /** Null lets it share what is left. */
  setDockHeight(part: DockPart, height: number | null): void
  fold(part: DockPart, isFolded: boolean): void
  setTabHides(tabHides: boolean): void
  togglePanels(): void
  show(dialog: OpenDialog | null): void
  setDeed(deed: Deed): void
  setLower(lower: 'history' | 'jobs'): void
  rename(layer: LayerId | null): void
}

const KEY = 'palimpsest.shell'
export const DOCK_WIDTH = { min: 280, initial: 328, max: 520 } as const

const parts = ['deeds', 'layers', 'lower'] as const satisfies readonly DockPart[]
const Kept = z.object({
  theme: Theme.catch('system'),
  dockWidth: z.number().min(DOCK_WIDTH.min).max(DOCK_WIDTH.max).catch(DOCK_WIDTH.initial),
  dockHeights: z.partialRecord(z.enum(parts), z.number().min(0).max(10_000)).catch({}),
  folded: z.array(z.enum(parts)).catch([]),
  tabHides: z.boolean().catch(true),
})
type Kept = z.infer<typeof Kept>

function kept(): Kept {
  try {
    return Kept.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    return Kept.parse({})
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
  setDockHeight: (part, height) =>
    set(({ dockHeights: { [part]: _, ...others } }) => ({ dockHeights: height === null ? others : { ...others, [part]: height } })),
  fold: (part, isFolded) =>
    set(({ folded }) => ({
      folded: isFolded ? [...folded.filter((other) => other !== part), part] : folded.filter((other) => other !== part),
    })),
  setTabHides: (tabHides) => set({ tabHides }),
  togglePanels: () => set(({ panels }) => ({ panels: !panels })),
  show: (dialog) => set({ dialog }),
  setDeed: (deed) => set({ deed }),
  setLower: (lower) => set({ lower }),
  rename: (renaming) => set(({ folded }) => ({ renaming, ...(renaming && { folded: folded.filter((part) => part !== 'layers') }) })),
}))

useShell.subscribe((shell, before) => {
  const { theme, dockWidth, dockHeights, folded, tabHides } = shell
  const lasting = { theme, dockWidth, dockHeights, folded: [...folded], tabHides } satisfies Kept
  if ((Object.keys(lasting) as (keyof Kept)[]).some((name) => shell[name] !== before[name]))
    localStorage.setItem(KEY, JSON.stringify(lasting))
})

/** Brings a panel of deeds to the front, with a method chosen where one is named, and the keyboard in its first field. */
export function openDeed(deed: Deed, { method, focus = false }: { readonly method?: string; readonly focus?: boolean } = {}): void {
  if (method) useSettings.getState().choose(deed, method)
  useShell.getState().fold('deeds', false)
  useShell.setState(({ focusSerial }) => ({ panels: true, deed, ...(focus && { focusSerial: focusSerial + 1 }) }))
}
