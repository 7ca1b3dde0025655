import type { CommandOf, CommandResult } from '../../../preload/contract/command.ts'
import { layerOf } from '../document/layer.ts'
import { placeRegion } from '../document/regions.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'
import type { Project } from '../project.ts'
import { perform } from './tasks.ts'

/** Writes what a region covers as a PNG of the picture's size to a blob. @throws FaultError `missing`, `invalid`, `engine` */
export async function showRegion(
  project: Project,
  engine: EngineSupervisor,
  { layer, region }: CommandOf<'region.show'>,
  signal: AbortSignal,
): Promise<Pick<CommandResult, 'file'>> {
  const { document } = project
  const source = layer === null ? null : layerOf(document, layer)
  const placed = placeRegion(document, source, region)
  project.mayHoldGarbage = true
  using store = project.stores.borrow()
  const { width, height } = document
  const task = { type: 'region', pixels: source?.pixels ?? null, width, height, region: placed } as const
  const { blob } = await perform(engine, store.path, task, AbortSignal.any([signal, project.closing.signal]))
  store.adopt([blob])
  const bytes = project.stores.stored(blob)?.bytes ?? 0
  return { file: { name: 'Region.png', type: 'image/png', bytes, path: null, blob } }
}
