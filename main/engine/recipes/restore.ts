import { FaultError, fault } from '../../../preload/contract/fault.ts'
import { Refusal } from '../../algorithms/define.ts'
import { restorers } from '../../algorithms/index.ts'
import { intersect, type Rect } from '../../math/rect.ts'
import type { Tensor } from '../../math/tensor.ts'
import { breathe } from '../breathe.ts'
import { bleedInto } from '../pictures/bleed.ts'
import { cropped, planesOf, shownBounds, shownOf, withColors } from '../pictures/planes.ts'
import type { Lease } from '../sessions/sessions.ts'
import { gridBounds, readGrid, readPicture, writePicture } from '../tiles.ts'
import { parseKnobs } from './knobs.ts'
import type { Recipe } from './recipe.ts'
import { reported } from './reported.ts'

/** Restores the part of a layer that shows within the document. Colours only: its alpha stays as it is. */
export const restore: Recipe<'restore'> = async function* (task, kitchen, signal) {
  const { blobs, sessions } = kitchen
  const method = restorers.find(({ id }) => id === task.method)
  if (!method) throw fault('invalid', 'The restoration cannot start.', `There is no method "${task.method}".`, 'Choose another method.')
  const params = parseKnobs(method.params, task.params)

  const grid = readGrid(blobs, task.pixels, 'rgba8')
  const stored = gridBounds(grid)
  const area = stored && intersect(stored, { x: 0, y: 0, width: task.width, height: task.height })
  const rough = area && (await readPicture(blobs, grid, area, signal))
  const rect = area && rough && shownBounds(rough, area)
  if (!rect)
    throw fault('invalid', 'There is nothing to restore.', 'The layer is empty within the picture.', 'Choose a layer with something on it.')
  const source = cropped(rough, area, rect)

  using leases = new DisposableStack()
  const networks: Record<string, Lease> = {}
  for (const [name, role] of Object.entries(method.needs)) networks[name] = leases.use(await sessions.lease(role, signal))
  refuseStrangers(Object.values(networks))

  try {
    const restorer = method.make(params, networks)
    const restored = yield* reported(restorer.restore(await colorsOf(source, rect, signal), task.seed, signal), kitchen, signal)
    const layers = []
    for (const { label, visible, picture, measures } of restored) {
      const pixels = await writePicture(blobs, withColors(source, picture), rect, grid, signal)
      layers.push({ label, visible, pixels, measures: { ...measures } })
    }
    const models = Object.values(networks).map(({ model }) => ({ ...model }))
    return { type: 'restore', layers, params, models, provider: sessions.provider, notes: [] }
  } catch (thrown) {
    if (thrown instanceof Refusal)
      throw new FaultError({ kind: 'invalid', what: thrown.what, why: thrown.why, todo: thrown.todo }, { cause: thrown })
    throw thrown
  }
}

/** A network that goes on from the results of another gives nonsense after a third. @throws FaultError `invalid` */
function refuseStrangers(networks: readonly Lease[]): void {
  for (const { model, trainedOn } of networks)
    if (trainedOn !== null && !networks.some((other) => other.model.sha256 === trainedOn))
      throw fault(
        'invalid',
        'The models do not belong together.',
        `"${model.id}" was trained on the results of another model than the one that is here.`,
        'Use both from one source, or install the studio again.',
      )
}

/** What a method is shown: the colours, and where nothing shows those of the surroundings. */
async function colorsOf(source: Uint8Array, rect: Rect, signal: AbortSignal): Promise<Tensor> {
  const planes = planesOf(source, rect)
  await breathe(signal)
  bleedInto(planes, shownOf(source))
  await breathe(signal)
  return planes
}
