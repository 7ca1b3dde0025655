import { type CommandOf, JobCommand } from '../../../preload/contract/command.ts'
import type { Document, Layer } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { LayerId, RevisionId } from '../../../preload/contract/ids.ts'
import type { Project } from '../project.ts'
import type { JobPlan, JobResult } from './plan.ts'

/** The same input, method, model, regions, completed parameters and seed as the first time. @throws FaultError `missing`, `invalid` */
export function planRerun({ store, tree }: Pick<Project, 'store' | 'tree'>, command: CommandOf<'revision.rerun'>): JobPlan {
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
    throw fault('invalid', 'This step cannot be run again.', 'Only what a method made can.', 'Choose such a step in the history.')
  const source = sourceOf(store.revisions.command(command.revision), (id) => store.revisions.command(id), before)
  const { method, params, seed, input, model, objects, models, provider } = recipe
  const { width, height } = after
  const expected = made.flatMap(({ pixels }) => (pixels ? [pixels.index] : []))
  const again = {
    command,
    mask: source?.layer?.mask ?? null,
    width,
    height,
    method,
    params,
    seed,
    at: command.revision,
    expected,
    first: { models, provider },
  }
  const name = source?.layer?.name ?? 'Layer'
  if (model !== null) return { ...again, kind: 'imagine', source: source?.id ?? null, name: input && name, pixels: input, model, objects }
  if (input) return { ...again, kind: 'restore', source: source?.id ?? ('lost' as LayerId), name, pixels: input }
  throw fault(
    'invalid',
    'This step cannot be run again.',
    'It does not say which model made it.',
    'Make it anew with a model that is here.',
  )
}

/** The layer that was worked on: the one the first command named, as far as repetitions lead back. */
function sourceOf(command: unknown, commandOf: (id: RevisionId) => unknown, before: Document | null) {
  let parsed = JobCommand.safeParse(command)
  while (parsed.data?.type === 'revision.rerun') parsed = JobCommand.safeParse(commandOf(parsed.data.revision))
  const id = parsed.data?.layer ?? null
  const layer: Layer | null = before?.layers.find((candidate) => candidate.id === id) ?? null
  return id && { id, layer }
}

/** What a repetition has to say of itself. */
export function compareRuns({ expected, first }: JobPlan, result: JobResult): string[] {
  if (!expected) return []
  const now = result.layers.map(({ pixels }) => pixels.index)
  const isSame = now.length === expected.length && now.every((id) => expected.includes(id))
  if (isSame) return ['The result is the same as the first time, byte for byte.']
  return [`The result differs from the first time. ${whyDifferent(first, result)}`]
}

function whyDifferent(first: JobPlan['first'], { models, provider }: JobResult): string {
  const changed = models.find(({ id, sha256 }) => first?.models.some((then) => then.id === id && then.sha256 !== sha256))
  if (changed) return `The model "${changed.id}" is not the one it was.`
  if (first && first.provider !== provider) return `It ran on ${provider}; then it was ${first.provider}, which rounds differently.`
  return `It ran on ${provider}; another processor or a newer studio rounds differently.`
}
