import type { CommandOf, CommandResult } from '../../../preload/contract/command.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { layerOf } from '../document/layer.ts'
import type { EngineSupervisor } from '../engine-supervisor.ts'
import type { Project } from '../project.ts'
import { absolutePath } from './absolute-path.ts'
import { perform } from './tasks.ts'

const EXTENSIONS = { png: 'png', jpeg: 'jpg', webp: 'webp', avif: 'avif', tiff: 'tif' } as const

/** Writes the picture at the head to a file or, without a path, to a blob. @throws FaultError */
export async function exportPicture(
  project: Project,
  engine: EngineSupervisor,
  { format, quality, layer, path }: CommandOf<'picture.export'>,
  signal: AbortSignal,
): Promise<Pick<CommandResult, 'file' | 'notes'>> {
  const { document } = project
  if (layer) layerOf(document, layer)
  const target = path === undefined ? null : absolutePath(path)
  if (target !== null && [project.store.path, project.file.path].includes(target))
    throw fault('refused', 'The picture was not exported.', 'That is the file of the project itself.', 'Choose another name.')
  project.mayHoldGarbage ||= target === null
  using store = project.stores.borrow()
  const task = { type: 'export', document, layer: layer ?? null, format, quality, path: target } as const
  const { file, notes } = await perform(engine, store.path, task, AbortSignal.any([signal, project.closing.signal]))
  if (file.blob) store.adopt([file.blob])
  return { file: { name: `${project.file.title}.${EXTENSIONS[format]}`, ...file, path: target }, notes }
}
