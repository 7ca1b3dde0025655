import { z } from 'zod'
import { type CommandOf, JobCommand } from '../../../preload/contract/command.ts'
import { EditedObject, Mask, Pixels, Recipe } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { BlobId, LayerId, RevisionId } from '../../../preload/contract/ids.ts'
import type { TaskOf, TaskResultOf } from '../../engine/contract.ts'
import { layerOf } from '../document/layer.ts'
import type { Project } from '../project.ts'

const asked = {
  command: JobCommand,
  /** Mask of the source; the results get it too. */
  mask: Mask.nullable(),
  width: z.int(),
  height: z.int(),
  method: z.string(),
  params: z.record(z.string(), z.json()),
  seed: z.int(),
  /** The revision whose picture all positions are in; null in plans from before the picture could be framed anew. */
  at: RevisionId.nullable().default(null),
  /** Indices of the tiles that came out the first time, for a run that repeats one. */
  expected: z.array(BlobId).nullable(),
  /** What the first time ran on. */
  first: Recipe.pick({ models: true, provider: true }).nullable().default(null),
}

/** Everything a restoration needs to run. The kind is absent in plans from before there was another. */
const RestorePlan = z.object({
  ...asked,
  kind: z.literal('restore').default('restore'),
  source: LayerId,
  /** The source's name, for the names of the results. */
  name: z.string(),
  pixels: Pixels,
})

/** The same for something made from words. */
const ImaginePlan = z.object({
  ...asked,
  kind: z.literal('imagine'),
  /** The layer worked on and its name; null for a picture from words alone. */
  source: LayerId.nullable(),
  name: z.string().nullable(),
  pixels: Pixels.nullable(),
  model: z.string(),
  objects: z.array(EditedObject),
})
export type ImaginePlan = z.infer<typeof ImaginePlan>

/** Everything a job needs to run, taken down when it is asked for: what happens to the picture meanwhile does not change it. */
export const JobPlan = z.union([ImaginePlan, RestorePlan])
export type JobPlan = z.infer<typeof JobPlan>

export type JobTask = TaskOf<'restore' | 'imagine'>
export type JobResult = TaskResultOf<'restore' | 'imagine'>

/** What the engine is asked for. */
export function taskOf(plan: JobPlan): JobTask {
  const { width, height, method, params, seed } = plan
  if (plan.kind === 'restore') return { type: 'restore', pixels: plan.pixels, width, height, method, params, seed }
  const { pixels, model, objects } = plan
  return { type: 'imagine', pixels, width, height, method, model, objects, params, seed }
}

/** @throws FaultError `missing`, or `invalid` where nothing is painted on the layer */
export function planRestore({ document, tree }: Pick<Project, 'document' | 'tree'>, command: CommandOf<'layer.restore'>): JobPlan {
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
  const at = tree.head.revision
  return { kind: 'restore', command, source: id, name, pixels, mask, width, height, method, params, seed, at, expected: null, first: null }
}
