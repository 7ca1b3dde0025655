import { randomInt } from 'node:crypto'
import type { Catalog, MethodCard } from '../../../preload/contract/catalog.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { type Arguments, type Flags, number, readArguments, text } from './flags.ts'
import { methodFlags, methodHelp, methodParams } from './knobs.ts'
import { progressLine } from './progress-line.ts'
import { openSession } from './session.ts'
import { formatOf, onlyFile, outFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'restore IN --out OUT [options]'

const FLAGS: Flags = {
  out: { type: 'string', value: 'FILE', help: 'where the result goes; its ending chooses png, jpeg, webp, avif or tiff' },
  method: { type: 'string', value: 'ID', help: 'how to restore; default pmrf' },
  show: { type: 'string', value: 'WORD', help: 'which of the results to write: realistic (default) or faithful' },
  seed: { type: 'string', value: 'N', help: 'same seed, same picture; default: a new one, which the JSON result tells' },
  quality: { type: 'string', value: 'N', help: '1 to 100, for formats that lose something; default 90' },
}

/** Restores a picture file into another, with no window and no trace but the result. */
export const restoreCommand: ShellCommand = {
  name: 'restore',
  usage: USAGE,
  summary: 'restore a damaged picture',

  async help(args) {
    await using session = await openSession()
    const method = methodOf(await session.client.catalog({}), readArguments(args, FLAGS, true))
    return methodHelp(USAGE, FLAGS, method)
  },

  async run(args, signal) {
    const early = readArguments(args, FLAGS, true)
    await using session = await openSession()
    const { client } = session
    const method = methodOf(await client.catalog({}, signal), early)
    const given = readArguments(args, { ...FLAGS, ...methodFlags(method) })
    const from = await onlyFile(given.positionals, USAGE)
    const out = await outFile(text(given, 'out'), from, USAGE)
    const format = formatOf(out)
    const quality = number('quality', text(given, 'quality') ?? '90')
    const seed = number('seed', text(given, 'seed') ?? String(randomInt(2 ** 32)))
    const params = methodParams(method, given)
    const show = wanted(given)

    const opened = await client.open({ from: 'path', path: from }, signal)
    const [source] = opened.document.layers
    if (opened.file.path !== null || !source)
      throw fault(
        'invalid',
        'This is a project.',
        'The restore command takes a picture.',
        'Export the project first, or restore in the studio.',
      )
    const project = opened.file.id
    const began = performance.now()
    const command = { type: 'layer.restore', layer: source.id, method: method.id, params, seed } as const
    const restored = await session.run({ project, command }, progressLine(process.stderr), signal)
    const seconds = (performance.now() - began) / 1000
    if (restored.revision === null) throw fault('internal', 'Nothing was restored.', 'The method returned no layer.', 'Report it, please.')
    const { document } = await client.revision({ project, revision: restored.revision }, signal)
    // The results lie above their source, bottom first: what stays closest to it, then what is shown.
    const results = document.layers.filter(({ id, recipe }) => id !== source.id && recipe !== null)
    const layer = show === 'faithful' ? results[0] : results.at(-1)
    if (!layer?.recipe) throw fault('internal', 'Nothing was restored.', 'The method returned no layer.', 'Report it, please.')
    const exported = await session.run(
      { project, command: { type: 'picture.export', format, quality, layer: layer.id, path: out } },
      progressLine(process.stderr),
      signal,
    )
    return {
      text: out,
      notes: [...restored.notes, ...exported.notes],
      json: {
        out,
        format,
        bytes: exported.file?.bytes ?? null,
        width: document.width,
        height: document.height,
        method: method.id,
        show,
        params: layer.recipe.params,
        seed: layer.recipe.seed,
        models: layer.recipe.models,
        provider: layer.recipe.provider,
        measures: layer.recipe.measures,
        seconds: Number(seconds.toFixed(3)),
        notes: [...opened.file.notes, ...restored.notes, ...exported.notes],
      },
    }
  },
}

/** @throws FaultError `missing` */
function methodOf({ methods }: Catalog, given: Arguments): MethodCard {
  const restorers = methods.filter(({ role }) => role === 'restorer')
  const id = text(given, 'method') ?? 'pmrf'
  const method = restorers.find((candidate) => candidate.id === id)
  if (method) return method
  const known = restorers.map((candidate) => candidate.id).join(', ') || 'none'
  throw fault('missing', `There is no method "${id}" here.`, 'It is not among those this studio restores with.', `Choose one of: ${known}.`)
}

/** @throws FaultError `invalid` */
function wanted(given: Arguments): 'faithful' | 'realistic' {
  const show = text(given, 'show') ?? 'realistic'
  if (show === 'faithful' || show === 'realistic') return show
  throw fault('invalid', 'The command was not understood.', `--show is "${show}".`, 'Choose realistic or faithful.')
}
