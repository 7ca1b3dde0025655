import { z } from 'zod'
import { ProjectId } from '../../preload/contract/ids.ts'

const KEY = 'palimpsest.tabs'
const Tabs = z.object({ ids: z.array(ProjectId), active: ProjectId.nullable() })
type Tabs = z.infer<typeof Tabs>

/** The tabs this window had before it was reloaded. Another window has its own. */
export function rememberedTabs(): Tabs {
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
