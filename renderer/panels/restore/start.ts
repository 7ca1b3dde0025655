import type { MethodCard } from '../../../preload/contract/catalog.ts'
import type { Layer } from '../../../preload/contract/document.ts'
import { project } from '../../actions/active.ts'
import { useNotices } from '../../studio/notices.ts'
import { run, useProject } from '../../studio/project.ts'
import { useView } from '../../studio/view.ts'
import { words } from '../../words/en.ts'
import { expectJob } from '../knobs/forecast.ts'
import { chosenParams, takeSeed, useSettings } from '../knobs/settings.ts'
import { restorationOf } from './cost.ts'

const NO_METHODS: readonly MethodCard[] = []
let methodsOf: readonly MethodCard[] | undefined
let restorers = NO_METHODS

/** The methods that restore, as the catalogue lists them. The same array for the same catalogue. */
export function restorersIn(methods: readonly MethodCard[] | undefined): readonly MethodCard[] {
  if (methods !== methodsOf) {
    methodsOf = methods
    restorers = methods?.filter(({ role }) => role === 'restorer') ?? NO_METHODS
  }
  return restorers
}

/** Why a layer cannot be restored now, in a sentence; null when it can. */
export function obstacle(layer: Layer | null, methods: readonly MethodCard[]): string | null {
  if (methods.length === 0) return words.restore.noMethod
  if (!layer) return words.restore.noLayer
  if (!layer.pixels) return words.restore.empty
  return null
}

/** Restores the active layer with the method and knobs of the panel. */
export async function startRestore(): Promise<void> {
  const state = project()
  const layer = state?.document.layers.find(({ id }) => id === useView.getState().layer) ?? null
  const methods = restorersIn(useProject.getState().catalog?.methods)
  const chosen = useSettings.getState().methods.restore
  const method = methods.find(({ id }) => id === chosen) ?? methods[0]
  const why = obstacle(layer, methods)
  if (!state || !layer || !method || why) {
    if (why) useNotices.getState().tell({ tone: 'plain', what: why })
    return
  }
  const params = chosenParams(method)
  const seed = takeSeed('restore')
  await run({ type: 'layer.restore', layer: layer.id, method: method.id, params, seed }, state.file.id, {
    onJob: ({ id }) => expectJob(id, restorationOf(method.id, state.document, params), seed),
  })
}
