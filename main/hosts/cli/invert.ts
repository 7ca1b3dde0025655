import { differenceOf } from './difference.ts'
import { type Flags, flagHelp, misunderstood, readArguments, text } from './flags.ts'
import { type Imagine, imaginationOf, MAKING, make, modelOf, openPicture, seedOf } from './imagine.ts'
import { choicesOf, methodFlags, methodParams } from './knobs.ts'
import { openSession } from './session.ts'
import { onlyFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'invert IN --words "WORDS" [options]'
const FLAGS: Flags = { words: { type: 'string', value: '"WORDS"', help: 'the picture as it is' }, ...MAKING }
const ASKED = ['prompt', 'source', 'inversion']

/** Reads out how well each inversion brings a picture to the noise and back. */
export const invertCommand: ShellCommand = {
  name: 'invert',
  usage: USAGE,
  summary: 'tell how exactly each inversion returns to a picture',

  async help() {
    await using session = await openSession()
    const method = imaginationOf(await session.client.catalog({}), 'exact-edit')
    return `Usage: palimpsest ${USAGE}\n\n${flagHelp(FLAGS)}\n\n${flagHelp(methodFlags(method, ASKED), false)}\n`
  },

  async run(args, signal) {
    await using session = await openSession()
    const catalog = await session.client.catalog({}, signal)
    const method = imaginationOf(catalog, 'exact-edit')
    const given = readArguments(args, { ...FLAGS, ...methodFlags(method, ASKED) })
    const from = await onlyFile(given.positionals, USAGE)
    const words = text(given, 'words')
    if (!words?.trim()) throw misunderstood('No words say what the picture shows.', 'Add --words "WORDS".')
    const known = methodParams(method, given)
    const seed = seedOf(given)
    const model = modelOf(catalog, given)
    const { file, source } = await openPicture(session, from, signal)
    const rows = []
    for (const inversion of choicesOf(method, 'inversion')) {
      const params = { ...known, source: words, prompt: words, inversion }
      const command: Imagine = { type: 'picture.imagine', method: method.id, model: model.id, layer: source.id, objects: [], params, seed }
      const { layer, seconds } = await make(session, file.id, command, signal)
      const { decibels, largest } = differenceOf(session, file.id, source.pixels!, layer.pixels!)
      rows.push({ inversion, decibels: decibels && Number(decibels.toFixed(2)), largest, seconds, measures: layer.recipe!.measures })
    }
    const width = Math.max(...rows.map(({ inversion }) => inversion.length))
    const lines = rows.map(({ inversion, decibels, largest, seconds, measures }) => {
      const error = decibels === null ? 'the same picture' : `${decibels.toFixed(1)} dB, at most ${largest} of 255`
      const told = Object.entries(measures).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
      return [`${inversion.padEnd(width)}  ${error}`, `${seconds.toFixed(1)} s`, ...told].join(', ')
    })
    return { text: lines.join('\n'), notes: [], json: { in: from, words, model: model.id, seed, inversions: rows } }
  },
}
