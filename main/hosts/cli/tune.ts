import type { ModelRequest } from '../../../preload/contract/models.ts'
import { askModels, modelNamed } from './ask-models.ts'
import { type Flags, flagHelp, misunderstood, readArguments, texts } from './flags.ts'
import { openSession } from './session.ts'
import type { ShellCommand } from './shell-command.ts'

type What = Extract<ModelRequest, { do: 'tune' }>['what']
type Setting = string | number | boolean

const USAGE = 'tune MODEL steps|solver|statistics|transport [options]'
const FLAGS: Flags = {
  set: { type: 'string', multiple: true, value: 'KNOB=VALUE', help: 'a setting of the search, e.g. steps=6; may be given again' },
}
const KINDS: Readonly<Record<What, string>> = {
  steps: 'which steps to take, and which blocks of the network to leave out',
  solver: 'a solver of its own',
  statistics: 'statistics that DPM-Solver-v3 wants',
  transport: 'a map of noise that DPM-OT wants',
}

/** Finds what suits a model. */
export const tuneCommand: ShellCommand = {
  name: 'tune',
  usage: USAGE,
  summary: 'find what suits a model',
  help: async () =>
    `Usage: palimpsest ${USAGE}\n\n${Object.entries(KINDS)
      .map(([what, words]) => `  ${what.padEnd(11)} ${words}`)
      .join(
        '\n',
      )}\n\nWhat is found is kept for this machine and picked up by name. Stopped, it goes on the next time.\n\n${flagHelp(FLAGS)}\n`,

  async run(args, signal) {
    const given = readArguments(args, FLAGS)
    const [name, what, ...more] = given.positionals
    if (name === undefined || !isWhat(what) || more.length > 0)
      throw misunderstood('It takes a model and what to find for it.', `Usage: palimpsest ${USAGE}`)
    const params = Object.fromEntries(texts(given, 'set').map(setting))
    await using session = await openSession()
    const { models } = await askModels(session, { do: 'list' }, signal, 'Nothing was changed.')
    const { id } = modelNamed(models, name)
    const result = await askModels(session, { do: 'tune', model: id, what, params }, signal, 'The same command goes on from there.')
    return { text: result.notes.join('\n'), notes: [], json: { model: id, what, params, notes: result.notes } }
  },
}

const isWhat = (word: string | undefined): word is What => word !== undefined && Object.hasOwn(KINDS, word)

/** @throws FaultError `invalid` */
function setting(pair: string): [string, Setting] {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(pair) ?? []
  if (name === undefined || value === undefined) throw misunderstood(`--set is "${pair}".`, 'Give it as KNOB=VALUE.')
  if (value === 'true' || value === 'false') return [name, value === 'true']
  const number = value.trim() === '' ? Number.NaN : Number(value)
  return [name, Number.isFinite(number) ? number : value]
}
