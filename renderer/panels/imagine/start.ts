import type { ModelCard } from '../../../preload/contract/catalog.ts'
import type { CommandOf } from '../../../preload/contract/command.ts'
import type { Job } from '../../../preload/contract/event.ts'
import type { Region } from '../../../preload/contract/region.ts'
import { activeLayer, project } from '../../actions/active.ts'
import { startDrafts } from '../../actions/drafts.ts'
import { shapeOf } from '../../canvas/outline.ts'
import { useNotices } from '../../studio/notices.ts'
import { objectsOf, setQuiet } from '../../studio/objects.ts'
import { run, useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { expectJob } from '../knobs/forecast.ts'
import type { KnobValue } from '../knobs/knobs.ts'
import { chosenParams, type Deed, SEED_LIMIT, takeSeed, useSettings } from '../knobs/settings.ts'
import { workOf } from './cost.ts'
import { editOf, imaginingIn, modelOf, needsObjects } from './methods.ts'
import { editObstacle, generateObstacle } from './obstacles.ts'
import { chosenSize, isWhole } from './sizes.ts'

type Imagine = CommandOf<'picture.imagine'>

/** Makes a picture from words on a layer of its own, as the panel is set. */
export async function startGenerate(): Promise<void> {
  const imagining = imaginingIn(useProject.getState().catalog)
  const model = modelOf(imagining, useSettings.getState().model, 'make')
  const method = imagining.generate
  if (!method || !model) return
  const params = { ...chosenParams(method, model.usual), ...chosenSize(method, model) }
  const why = generateObstacle(model, params)
  if (why) useNotices.getState().tell({ tone: 'plain', what: why })
  else {
    // Where parts are shown the picture goes there, in their shape.
    const parts = useSettings.getState().intoObjects ? objectsOf().map((object) => shapeOf(object)) : []
    const shapes = parts.filter((shape) => shape !== null)
    if (shapes.length < parts.length) {
      useNotices.getState().tell({ tone: 'plain', what: words.edit.finding })
      return
    }
    const regions = shapes.length > 0 ? shapes : wholeOf(params, model)
    const objects = regions.map((region) => ({ region, becomes: '' }))
    await begin('generate', { method: method.id, model: model.id, layer: null, objects, params })
  }
}

/** The whole picture as a region, where that is asked for and the model cannot make so much of it. */
function wholeOf({ width, height }: Readonly<Record<string, KnobValue | undefined>>, model: ModelCard): Region[] {
  const picture = project()?.document
  if (!picture || typeof width !== 'number' || typeof height !== 'number' || !isWhole({ width, height }, model, picture)) return []
  return [{ from: 'rectangle', x: 0, y: 0, width: picture.width, height: picture.height }]
}

/** Edits the active layer as the panel is set: a new layer above it. */
export async function startEdit(): Promise<void> {
  const { catalog } = useProject.getState()
  const imagining = imaginingIn(catalog)
  const settings = useSettings.getState()
  const model = modelOf(imagining, settings.model, 'change')
  const method = editOf(imagining, settings.methods.edit)
  if (!method || !model) return
  const layer = activeLayer()
  const objects = objectsOf()
  // Where each object has words of its own, those of the whole are left out.
  const chosen = chosenParams(method, model.usual)
  const params: Record<string, KnobValue> = { ...chosen, ...(needsObjects(method) && 'prompt' in chosen && { prompt: '' }) }
  const why = editObstacle({ method, model, layer, objects, params })
  if (why || !layer) useNotices.getState().tell({ tone: 'plain', what: why ?? '' })
  else {
    const parts = objects.flatMap((object) => {
      const region = shapeOf(object, layer)
      return region ? [{ region, becomes: object.becomes }] : []
    })
    if (parts.length < objects.length) useNotices.getState().tell({ tone: 'plain', what: words.edit.finding })
    else await begin('edit', { method: method.id, model: model.id, layer: layer.id, objects: parts, params })
  }
}

/** Runs it once, or a few times with different seeds as drafts. */
async function begin(deed: Deed, command: Omit<Imagine, 'type' | 'seed'>): Promise<void> {
  const state = project()
  if (!state) return
  const count = useSettings.getState().variations[deed] ?? 1
  const method = useProject.getState().catalog?.methods.find(({ id }) => id === command.method)
  const work = method && workOf(method, command.model, command.params, command.objects.length)
  const onJob = (seed: number) => (job: Job) => {
    if (work) expectJob(job.id, work, seed)
  }
  const first = takeSeed(deed)
  const commands = Array.from(
    { length: count },
    (_, i): Imagine => ({ type: 'picture.imagine', ...command, seed: (first + i) % (SEED_LIMIT + 1) }),
  )
  const [only] = commands
  // What comes of it is looked at without the marks that led to it.
  if (only && count === 1) {
    if (await run(only, state.file.id, { onJob: onJob(only.seed) })) setQuiet(true, state.file.id)
    return
  }
  setQuiet(true, state.file.id)
  await startDrafts(commands, onJob)
}
