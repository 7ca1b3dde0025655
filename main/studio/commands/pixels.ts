import type { CommandOf, PixelCommand } from '../../../preload/contract/command.ts'
import { type Document, SIDE_LIMIT } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { carriedRecipe, changeableLayer, emptyLayer, insertLayers, newLayerId, replaceLayer } from '../document/layer.ts'
import { maskOf } from '../document/masks.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'
import type { Project } from '../project.ts'
import { perform } from './tasks.ts'

/** A document after a command that needs pixels, its blobs written, and what the artist should know. */
export interface PixelChange {
  readonly document: Document
  readonly notes: readonly string[]
}

/** @throws FaultError `missing`, `refused`, `invalid`, `engine`, `cancelled` */
export async function applyPixelCommand(
  project: Project,
  engine: EngineSupervisor,
  command: PixelCommand,
  signal: AbortSignal,
): Promise<PixelChange> {
  using store = project.stores.borrow()
  switch (command.type) {
    case 'stroke.paint':
      return { document: await paint(project.document, engine, store.path, command, signal), notes: [] }
    case 'picture.place':
      return await place(project.document, engine, store.path, command, signal)
    default:
      return command satisfies never
  }
}

async function paint(
  document: Document,
  engine: EngineSupervisor,
  store: string,
  { layer, target, brush, points }: CommandOf<'stroke.paint'>,
  signal: AbortSignal,
): Promise<Document> {
  const painted = changeableLayer(document, layer)
  const { width, height } = document
  if (target === 'pixels') {
    const { pixels } = await perform(engine, store, { type: 'paint', pixels: painted.pixels, width, height, brush, points }, signal)
    return replaceLayer(document, { ...painted, pixels })
  }
  const mask = maskOf(painted)
  const { pixels } = await perform(engine, store, { type: 'paint-mask', mask, width, height, brush, points }, signal)
  return replaceLayer(document, { ...painted, mask: { ...mask, pixels } })
}

/** Centred in the picture where no place is given. */
async function place(
  document: Document,
  engine: EngineSupervisor,
  store: string,
  command: CommandOf<'picture.place'>,
  signal: AbortSignal,
): Promise<PixelChange> {
  const layer = emptyLayer(command.layer ?? newLayerId(), command.name)
  // Before the work, so that a wrong id costs nothing.
  insertLayers(document, [layer], command.above)
  const placed = await perform(engine, store, { type: 'place', source: { blob: command.blob } }, signal)
  const x = command.x ?? Math.floor((document.width - placed.width) / 2)
  const y = command.y ?? Math.floor((document.height - placed.height) / 2)
  if (Math.max(Math.abs(x), Math.abs(y)) > SIDE_LIMIT * 2)
    throw fault('invalid', 'The picture was not placed.', 'It would lie too far outside.', 'Place it nearer.')
  const pixels = { ...placed.pixels, x: placed.pixels.x + x, y: placed.pixels.y + y }
  const recipe = placed.settings && carriedRecipe(placed.settings)
  return { document: insertLayers(document, [{ ...layer, pixels, recipe }], command.above), notes: placed.notes }
}
