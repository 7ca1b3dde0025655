import type { CommandOf } from '../../../preload/contract/command.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { layerOf } from '../document/layer.ts'
import { placeRegion } from '../document/regions.ts'
import type { Project } from '../project.ts'
import type { ImaginePlan } from './plan.ts'

/** @throws FaultError `missing`; `invalid` for words that are not there, an empty layer, a region that shows nothing */
export function planImagine({ document, tree }: Pick<Project, 'document' | 'tree'>, command: CommandOf<'picture.imagine'>): ImaginePlan {
  const { method, model, params, seed } = command
  const { width, height } = document
  const source = command.layer === null ? null : layerOf(document, command.layer)
  if (source && !source.pixels)
    throw fault(
      'invalid',
      `There is nothing on "${source.name}" to change.`,
      'The layer is empty.',
      'Choose a layer with a picture on it, or make a new picture from words.',
    )
  refuseSilence(command)
  const objects = command.objects.map(({ region, becomes }) => ({ region: placeRegion(document, source, region), becomes }))
  return {
    kind: 'imagine',
    command,
    source: source?.id ?? null,
    name: source?.name ?? null,
    pixels: source?.pixels ?? null,
    mask: source?.mask ?? null,
    width,
    height,
    method,
    model,
    objects,
    params,
    seed,
    at: tree.head.revision,
    expected: null,
    first: null,
  }
}

/** A part of a layer can be asked for without words: it becomes what its surroundings suggest. */
function refuseSilence({ layer, objects, params }: CommandOf<'picture.imagine'>) {
  const said = [params.prompt, ...objects.map(({ becomes }) => becomes)]
  if (said.some((words) => typeof words === 'string' && words.trim() !== '')) return
  if (layer !== null && objects.length > 0) return
  throw fault('invalid', 'Nothing was made.', 'There are no words that say what it shall be.', 'Write what you would like to see.')
}
