import { z } from 'zod'
import { ProjectId } from '../../preload/contract/ids.ts'

const KEY = 'palimpsest.tabs'
const Tabs = z.object({ ids: z.array(ProjectId), active: ProjectId.nullable() })
type Tabs = z.infer<typeof Tabs>

/** The tabs this window had before it was reloaded, and the project its address names. Another window has its own. */
export function rememberedTabs(): Tabs {
  const kept = keptTabs()
  const named = ProjectId.safeParse(location.hash.slice(1)).data
  if (!named) return kept
  // Only once: after that the window remembers by itself, and a closed tab stays closed.
  history.replaceState(null, '', location.pathname)
  return { ids: [...kept.ids.filter((id) => id !== named), named], active: named }
}

function keptTabs(): Tabs {
  try {
    return Tabs.parse(JSON.parse(sessionStorage.getItem(KEY) ?? ''))
  } catch {
    return { ids: [], active: null }
  }
}

export function rememberTabs(ids: readonly ProjectId[], active: ProjectId | null): void {
  const tabs = JSON.stringify({ ids, active })
  if (sessionStorage.getItem(KEY) !== tabs) sessionStorage.setItem(KEY, tabs)
}
