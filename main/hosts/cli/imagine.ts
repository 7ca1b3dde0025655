import { randomInt } from 'node:crypto'
import type { Catalog, MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import type { CommandOf } from '../../../preload/contract/command.ts'
import type { Layer } from '../../../preload/contract/document.ts'
import type { ProjectState } from '../../../preload/contract/event.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { ProjectId, RevisionId } from '../../../preload/contract/ids.ts'
import { usualModel, type Wish } from '../../../preload/contract/usual-model.ts'
import { modelNamed } from './ask-models.ts'
import { type Arguments, type Flags, number, readArguments, text } from './flags.ts'
import { SET } from './knobs.ts'
import { progressLine } from './progress-line.ts'
import type { Session } from './session.ts'
import { formatOf, type Printed } from './shell-command.ts'

/** What every command that makes pictures from words takes. */
export const MAKING: Flags = {
  model: {
    type: 'string',
    value: 'ID',
    help: 'the model that makes it, by its id or title; default: the first that "models" lists, for a new picture the quickest that came with it',
  },
  seed: { type: 'string', value: 'N', help: 'same seed, same picture; default: a new one, which the JSON result tells' },
  ...SET,
}
export const WRITING: Flags = {
  out: { type: 'string', value: 'FILE', help: 'where the result goes; its ending chooses png, jpeg, webp, avif or tiff' },
  quality: { type: 'string', value: 'N', help: '1 to 100, for formats that lose something; default 90' },
}

export type Imagine = CommandOf<'picture.imagine'>

/** @throws FaultError `missing` */
export function imaginationOf({ methods }: Catalog, id: string): MethodCard {
  const known = methods.filter(({ role }) => role === 'imagination')
  const method = known.find((candidate) => candidate.id === id)
  if (method) return method
  const ids = known.map((candidate) => candidate.id).join(', ') || 'none'
  throw fault(
    'missing',
    `There is no method "${id}" here.`,
    'It is not among those this studio makes pictures with.',
    `Choose one of: ${ids}.`,
  )
}

/** The model that was named, or the usual one. @throws FaultError `missing`, `unsupported` */
export function modelOf({ models }: Catalog, given: Arguments, wish: Wish): ModelCard {
  const able = models.filter(({ role }) => role === 'text-to-picture')
  const id = text(given, 'model')
  const usual = usualModel(able, wish)
  const model = id === undefined || able.length === 0 ? usual : modelNamed(able, id)
  if (!model)
    throw fault(
      'missing',
      'No model that makes pictures is here.',
      'None came with the studio, and none was added.',
      'Add one with "npm start -- models add FOLDER", or fetch one with "npm start -- models download REPOSITORY".',
    )
  if (model.problem !== null)
    throw fault('unsupported', `The model "${model.id}" cannot be used.`, model.problem, 'Mend it, or choose another with --model.')
  return model
}

/** What the model that the arguments name wants to be asked with; nothing where there is no such model. */
export function usualOf(catalog: Catalog, args: readonly string[], wish: Wish): ModelCard['usual'] {
  try {
    return modelOf(catalog, readArguments(args, MAKING, true), wish).usual
  } catch {
    return {}
  }
}

export const seedOf = (given: Arguments): number => number('seed', text(given, 'seed') ?? String(randomInt(2 ** 32)))

/** A picture file, opened to be changed. @throws FaultError `invalid` for a project */
export async function openPicture({ client }: Session, path: string, signal: AbortSignal): Promise<ProjectState & { source: Layer }> {
  const opened = await client.open({ from: 'path', path }, signal)
  const [source] = opened.document.layers
  if (opened.file.path === null && source) return { ...opened, source }
  throw fault('invalid', 'This is a project.', 'The command takes a picture.', 'Export the project first, or work on it in the studio.')
}

/** What was made, and what it took. */
export interface Made {
  readonly layer: Layer
  readonly notes: readonly string[]
  readonly seconds: number
}

/** Runs the command; the layer it made. @throws FaultError */
export async function make(session: Session, project: ProjectId, command: Imagine, signal: AbortSignal): Promise<Made> {
  const began = performance.now()
  const { revision, notes } = await session.run({ project, command }, progressLine(process.stderr), signal)
  const seconds = Number(((performance.now() - began) / 1000).toFixed(3))
  if (revision === null) throw fault('internal', 'Nothing was made.', 'The job left no revision.', 'Report it, please.')
  // In a session of one command after the other the revision before is the one it was made from.
  const [before, after] = await Promise.all(
    [revision - 1, revision].map((id) => session.client.revision({ project, revision: id as RevisionId }, signal)),
  )
  const results = after?.document.layers.filter(({ id }) => !before?.document.layers.some((layer) => layer.id === id)) ?? []
  const layer = results.findLast(({ visible }) => visible) ?? results.at(-1)
  if (!layer?.recipe) throw fault('internal', 'Nothing was made.', 'The method returned no layer.', 'Report it, please.')
  return { layer, notes, seconds }
}

/** Writes what was made into a file and tells about it. @throws FaultError */
export async function written(
  session: Session,
  project: ProjectId,
  made: Made,
  given: Arguments,
  out: string,
  signal: AbortSignal,
): Promise<Printed> {
  const format = formatOf(out)
  const quality = number('quality', text(given, 'quality') ?? '90')
  const command = { type: 'picture.export', format, quality, layer: made.layer.id, path: out } as const
  const { file, notes } = await session.run({ project, command }, progressLine(process.stderr), signal)
  const { method, model, models, params, seed, provider, measures } = made.layer.recipe!
  const all = [...made.notes, ...notes]
  const about = { method, model, models, params, seed, provider, measures, seconds: made.seconds }
  return { text: out, notes: all, json: { out, format, bytes: file?.bytes ?? null, ...about, notes: all } }
}
