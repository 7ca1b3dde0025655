import { largestDifference } from './difference.ts'
import { type Flags, flagHelp, misunderstood, readArguments, text } from './flags.ts'
import { type Imagine, imaginationOf, MAKING, make, modelOf, openPicture, seedOf, usualOf } from './imagine.ts'
import { choicesOf, methodFlags, methodParams } from './knobs.ts'
import { openSession } from './session.ts'
import { onlyFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'invert IN --words "WORDS" [options]'
const FLAGS: Flags = { words: { type: 'string', value: '"WORDS"', help: 'the picture as it is' }, ...MAKING }
const ASKED = ['prompt', 'source', 'inversion', 'check']

/** How one inversion did. */
interface ReadOut {
  readonly inversion: string
  /** Root mean square between the model's view of the picture and what came back of it, where that has a spread of about 1. */
  readonly roundTrip: number
  /** The same in decibels; null where nothing differs at all. */
  readonly decibels: number | null
  /** The largest difference of one colour of one pixel after an edit that changes no words, in levels of 255. */
  readonly largest: number
  readonly seconds: number
  readonly measures: Readonly<Record<string, number>>
}

/** Reads out how well each inversion brings a picture to the noise and back. */
export const invertCommand: ShellCommand = {
  name: 'invert',
  usage: USAGE,
  summary: 'tell how exactly each inversion returns to a picture',

  async help(args) {
    await using session = await openSession()
    const catalog = await session.client.catalog({})
    const knobs = methodFlags(imaginationOf(catalog, 'exact-edit'), { without: ASKED, usual: usualOf(catalog, args, 'change') })
    return `Usage: palimpsest ${USAGE}\n\n${flagHelp(FLAGS)}\n\n${flagHelp(knobs, false)}\n`
  },

  async run(args, signal) {
    await using session = await openSession()
    const catalog = await session.client.catalog({}, signal)
    const method = imaginationOf(catalog, 'exact-edit')
    const given = readArguments(args, { ...FLAGS, ...methodFlags(method, { without: ASKED }) })
    const from = await onlyFile(given.positionals, USAGE)
    const words = text(given, 'words')
    if (!words?.trim()) throw misunderstood('No words say what the picture shows.', 'Add --words "WORDS".')
    const known = methodParams(method, given)
    const seed = seedOf(given)
    const model = modelOf(catalog, given, 'change')
    const { file, source } = await openPicture(session, from, signal)
    const rows: ReadOut[] = []
    for (const inversion of choicesOf(method, 'inversion')) {
      const params = { ...known, source: words, prompt: words, inversion, check: true }
      const command: Imagine = { type: 'picture.imagine', method: method.id, model: model.id, layer: source.id, objects: [], params, seed }
      const { layer, seconds } = await make(session, file.id, command, signal)
      const { roundTrip = Number.NaN, ...measures } = layer.recipe!.measures
      const decibels = roundTrip === 0 ? null : Number((20 * Math.log10(roundTrip)).toFixed(2))
      const largest = largestDifference(session, file.id, source.pixels!, layer.pixels!)
      rows.push({ inversion, roundTrip, decibels, largest, seconds, measures })
    }
    const width = Math.max(...rows.map(({ inversion }) => inversion.length))
    const lines = rows.map(({ inversion, decibels, largest, seconds }) => {
      const error = decibels === null ? 'exactly' : `to ${decibels.toFixed(1)} dB`
      const picture = largest === 0 ? 'the same picture' : `at most ${largest} of 255 apart`
      return `${inversion.padEnd(width)}  returns ${error}; with the same words ${picture}; ${seconds.toFixed(1)} s`
    })
    return { text: lines.join('\n'), notes: [], json: { in: from, words, model: model.id, seed, inversions: rows } }
  },
}
