import type { Pixels } from '../../../preload/contract/document.ts'
import { TILE } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { BlobId } from '../../../preload/contract/ids.ts'
import { tileKey } from '../../../preload/contract/tile-index.ts'
import type { Step } from '../../algorithms/roles.ts'
import { intersect } from '../../math/rect.ts'
import type { Blobs } from '../../store/blobs.ts'
import { breathe } from '../breathe.ts'
import type { TaskOf } from '../contract.ts'
import type { Context, Imagined, Patch, Place, Source } from '../imagination/define-imagination.ts'
import { imaginations } from '../imagination/index.ts'
import { regionMask } from '../imagination/region-mask.ts'
import { usualFor } from '../imagination/usual.ts'
import {
  copyInto,
  DEPTH,
  type Grid,
  gridBounds,
  isTransparent,
  readGrid,
  readPicture,
  readTile,
  tileRect,
  tilesOver,
  writeGrid,
} from '../tiles.ts'
import { parseKnobs } from './knobs.ts'
import type { Kitchen, Recipe } from './recipe.ts'
import { reported } from './reported.ts'

/** Makes something out of words, and out of a layer where one is given: that layer with a patch on it, or a new one. */
export const imagine: Recipe<'imagine'> = async function* (task, kitchen, signal) {
  const { blobs, sessions, library } = kitchen
  const method = imaginations.find(({ id }) => id === task.method)
  if (!method) throw fault('invalid', 'It cannot start.', `There is no method "${task.method}".`, 'Choose another method.')
  // What was asked for is looked at before regions are drawn and a model is read, which may take long.
  parseKnobs(method.params, task.params)
  const grid = task.pixels && readGrid(blobs, task.pixels, 'rgba8')
  const source = method.needsLayer && grid ? sourceOf(blobs, grid, task) : null
  if (method.needsLayer && !source)
    throw fault('invalid', 'There is nothing to edit.', 'The layer is empty within the picture.', 'Choose a layer with something on it.')
  const objects = await placesOf(task, kitchen, signal)
  const { folder, sha256 } = await library.folder(task.model, signal)
  const usual = usualFor(method.params.shape, folder.usual, task.params)
  const params = parseKnobs(method.params, { ...usual.values, ...task.params })

  // The method's own settings were parsed by its own schema: they fit.
  const run = method.imagine as (context: Context<unknown>, signal: AbortSignal) => AsyncGenerator<Step, Imagined, void>
  const { width, height, seed } = task
  const steps = run({ folder, sessions, source, width, height, objects, params, seed }, signal)
  const { patch, measures, notes } = yield* reported(steps, kitchen, signal)
  const pixels = await patched(blobs, source && grid ? grid : emptyGrid(patch), patch, signal)
  return {
    type: 'imagine',
    layers: [{ label: method.title, visible: true, pixels, measures: { ...measures } }],
    params,
    models: [{ id: task.model, sha256 }],
    provider: sessions.provider,
    notes: [...usual.notes, ...notes],
  }
}

function sourceOf(blobs: Blobs, grid: Grid, { width, height }: TaskOf<'imagine'>): Source | null {
  const stored = gridBounds(grid)
  const bounds = stored && intersect(stored, { x: 0, y: 0, width, height })
  return bounds && { bounds, read: (rect, signal) => readPicture(blobs, grid, rect, signal) }
}

/** The regions of a task as masks. @throws FaultError `invalid` where one of them covers nothing. */
async function placesOf({ objects, pixels, width, height }: TaskOf<'imagine'>, { blobs, cache }: Kitchen, signal: AbortSignal) {
  const places: Place[] = []
  for (const [i, { region, becomes }] of objects.entries()) {
    const covered = await regionMask(region, { pixels, width, height, blobs, cache }, signal)
    if (!covered)
      throw fault(
        'invalid',
        'A region is empty.',
        `Region ${i + 1} covers nothing within the picture.`,
        'Choose another region, or take it off the list.',
      )
    places.push({ ...covered, becomes })
  }
  return places
}

const emptyGrid = ({ rect }: Patch): Grid => ({ format: 'rgba8', x: rect.x, y: rect.y, tiles: new Map() })

/** A layer with a patch in it. Tiles that the patch does not reach keep their names. */
async function patched(blobs: Blobs, grid: Grid, { rect, rgba }: Patch, signal: AbortSignal): Promise<Pixels> {
  const tiles = new Map<string, BlobId>(grid.tiles)
  for (const { column, row } of tilesOver(grid, rect)) {
    const key = tileKey(column, row)
    const id = grid.tiles.get(key)
    const before = id === undefined ? new Uint8Array(TILE * TILE * DEPTH.rgba8) : readTile(blobs, id, 'rgba8')
    const tile = new Uint8Array(before)
    copyInto(tile, tileRect(grid, column, row), rgba, rect, DEPTH.rgba8)
    if (Buffer.compare(tile, before) === 0) continue
    if (isTransparent(tile)) tiles.delete(key)
    else tiles.set(key, blobs.put(tile))
    await breathe(signal)
  }
  return writeGrid(blobs, { ...grid, tiles })
}
