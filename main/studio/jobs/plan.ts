import { z } from 'zod'
import { type CommandOf, JobCommand } from '../../../preload/contract/command.ts'
import { type Document, Mask, Pixels } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { BlobId, LayerId, type RevisionId } from '../../../preload/contract/ids.ts'
import { layerOf } from '../document/layer.ts'
import type { Project } from '../project.ts'

/** Everything a restoration needs to run, taken down when it is asked for: what happens to the picture meanwhile does not change it. */
export const RestorePlan = z.object({
  command: JobCommand,
  source: LayerId,
  /** The source's name, for the names of the results. */
  name: z.string(),
  pixels: Pixels,
  mask: Mask.nullable(),
  width: z.int(),
  height: z.int(),
  method: z.string(),
  params: z.record(z.string(), z.json()),
  seed: z.int(),
  /** Indices of the tiles that came out the first time, for a run that repeats one. */
  expected: z.array(BlobId).nullable(),
})
export type RestorePlan = z.infer<typeof RestorePlan>

/** @throws FaultError `missing`, or `invalid` where nothing is painted on the layer */
export function planRestore({ document }: Project, command: CommandOf<'layer.restore'>): RestorePlan {
  const source = layerOf(document, command.layer)
  if (!source.pixels)
    throw fault(
      'invalid',
      `There is nothing on "${source.name}" to restore.`,
      'The layer is empty.',
      'Choose a layer with a picture on it.',
    )
  const { method, params, seed } = command
  const { width, height } = document
  const { id, name, pixels, mask } = source
  return { command, source: id, name, pixels, mask, width, height, method, params, seed, expected: null }
}

/** The same input, method, completed parameters and seed as the first time. @throws FaultError `missing`, `invalid` */
export function planRerun({ store, tree }: Project, command: CommandOf<'revision.rerun'>): RestorePlan {
  const parent = tree.parents.get(command.revision)
  if (parent === undefined)
    throw fault(
      'missing',
      'That revision is not there.',
      `The history has no revision ${command.revision}.`,
      'Choose one from the history.',
    )
  const after = store.revisions.document(command.revision)
  const before = parent === null ? null : store.revisions.document(parent)
  const made = after.layers.filter(({ id, recipe }) => recipe && !before?.layers.some((layer) => layer.id === id))
  const recipe = made[0]?.recipe
  if (!recipe || !store.revisions.one(command.revision).rerunnable)
    throw fault('invalid', 'This step cannot be run again.', 'Only restorations can.', 'Choose a restoration in the history.')
  const { source, mask } = sourceOf(store.revisions.command(command.revision), (id) => store.revisions.command(id), before)
  return {
    command,
    source: source.id,
    name: source.name,
    pixels: recipe.input,
    mask,
    width: after.width,
    height: after.height,
    method: recipe.method,
    params: recipe.params,
    seed: recipe.seed,
    expected: made.flatMap(({ pixels }) => (pixels ? [pixels.index] : [])),
  }
}

/** The layer that was restored: the one the first command named, as far as repetitions lead back. */
function sourceOf(command: unknown, commandOf: (id: RevisionId) => unknown, before: Document | null) {
  let parsed = JobCommand.safeParse(command)
  while (parsed.data?.type === 'revision.rerun') parsed = JobCommand.safeParse(commandOf(parsed.data.revision))
  const id = parsed.data?.type === 'layer.restore' ? parsed.data.layer : ('lost' as LayerId)
  const layer = before?.layers.find((candidate) => candidate.id === id)
  return { source: { id, name: layer?.name ?? 'Layer' }, mask: layer?.mask ?? null }
}
