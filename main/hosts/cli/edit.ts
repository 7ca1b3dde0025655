import type { Catalog, MethodCard } from '../../../preload/contract/catalog.ts'
import { type Arguments, type Flags, misunderstood, readArguments, text } from './flags.ts'
import { type Imagine, imaginationOf, MAKING, make, modelOf, openPicture, seedOf, usualOf, WRITING, written } from './imagine.ts'
import { methodFlags, methodHelp, methodParams } from './knobs.ts'
import { objectsOf, REGIONS } from './regions.ts'
import { openSession } from './session.ts'
import { formatOf, onlyFile, outFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'edit IN --from "WORDS" --to "WORDS" --out OUT [options]'
const FLAGS: Flags = {
  ...WRITING,
  from: { type: 'string', value: '"WORDS"', help: 'the picture as it is' },
  to: { type: 'string', value: '"WORDS"', help: 'the picture as it shall be' },
  ...REGIONS,
  method: { type: 'string', value: 'ID', help: 'exact-edit (default), or edit-objects (default where parts have words of their own)' },
  ...MAKING,
}
/** Asked for as --from and --to. */
const ASKED = ['prompt', 'source']

/** Changes what a picture shows by words, as a whole or object by object. */
export const editCommand: ShellCommand = {
  name: 'edit',
  usage: USAGE,
  summary: 'change what a picture shows, by words',

  async help(args) {
    await using session = await openSession()
    const catalog = await session.client.catalog({})
    const method = methodOf(catalog, readArguments(args, FLAGS, true))
    return methodHelp(USAGE, FLAGS, method, { without: ASKED, usual: usualOf(catalog, args, 'change') })
  },

  async run(args, signal) {
    const early = readArguments(args, FLAGS, true)
    await using session = await openSession()
    const catalog = await session.client.catalog({}, signal)
    const method = methodOf(catalog, early)
    const given = readArguments(args, { ...FLAGS, ...methodFlags(method, { without: ASKED }) })
    const from = await onlyFile(given.positionals, USAGE)
    const out = await outFile(text(given, 'out'), from, USAGE)
    formatOf(out)
    const objects = objectsOf(given)
    const [source, prompt] = [text(given, 'from'), text(given, 'to')]
    if (!prompt?.trim() && objects.every(({ becomes }) => becomes === ''))
      throw misunderstood('No words say what the picture shall become.', 'Add --to "WORDS", or words to a --box or a --thing.')
    const params = {
      ...methodParams(method, given),
      ...(source === undefined ? {} : { source }),
      ...(prompt === undefined ? {} : { prompt }),
    }
    const seed = seedOf(given)
    const model = modelOf(catalog, given, 'change')
    const opened = await openPicture(session, from, signal)
    const { id: project } = opened.file
    const layer = opened.source.id
    const command: Imagine = { type: 'picture.imagine', method: method.id, model: model.id, layer, objects, params, seed }
    const made = await make(session, project, command, signal)
    const printed = await written(session, project, made, given, out, signal)
    const { width, height } = opened.document
    return { ...printed, json: { ...printed.json, width, height } }
  },
}

function methodOf(catalog: Catalog, given: Arguments): MethodCard {
  const hasOwnWords = ['box', 'thing', 'outline'].some((flag) =>
    [given.values[flag] ?? []].flat().some((shown) => String(shown).includes('=')),
  )
  return imaginationOf(catalog, text(given, 'method') ?? (hasOwnWords && !text(given, 'to') ? 'edit-objects' : 'exact-edit'))
}
