import type { Catalog, MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import type { ModelRequest } from '../../../preload/contract/models.ts'
import { askModels, modelNamed } from './ask-models.ts'
import { flagHelp, misunderstood, readArguments } from './flags.ts'
import { methodFlags, methodParams, SET } from './knobs.ts'
import { openSession } from './session.ts'
import type { ShellCommand } from './shell-command.ts'

type What = Extract<ModelRequest, { do: 'tune' }>['what']

const WHATS = ['steps', 'solver', 'statistics', 'transport'] as const satisfies readonly What[]
const USAGE = `tune MODEL ${WHATS.join('|')} [options]`
const STAYS = 'The same command goes on from there.'

/** Finds what suits a model. */
export const tuneCommand: ShellCommand = {
  name: 'tune',
  usage: USAGE,
  summary: 'find what suits a model',

  async help(args) {
    await using session = await openSession()
    const catalog = await session.client.catalog({})
    const what = args.find(isWhat)
    const about =
      what === undefined
        ? WHATS.map((one) => lineOf(one, cardOf(catalog, one))).join('\n')
        : aboutOf(cardOf(catalog, what), guidanceOf(catalog, args[0]))
    return `Usage: palimpsest ${USAGE}\n\n${about}\n\nWhat is found is kept for this machine and picked up from then on. Stopped, it goes on the next time.\n\n${flagHelp(SET)}\n`
  },

  async run(args, signal) {
    const what = args.find(isWhat)
    if (what === undefined) throw misunderstood('It takes a model and what to find for it.', `Usage: palimpsest ${USAGE}`)
    await using session = await openSession()
    const catalog = await session.client.catalog({}, signal)
    const card = cardOf(catalog, what)
    const given = readArguments(args, { ...SET, ...methodFlags(card) })
    const [name, word, ...more] = given.positionals
    if (name === undefined || word !== what || more.length > 0)
      throw misunderstood('It takes a model and what to find for it.', `Usage: palimpsest ${USAGE}`)
    const params = methodParams(card, given)
    const { id } = modelNamed(catalog.models, name)
    const { notes } = await askModels(session, { do: 'tune', model: id, what, params }, signal, STAYS)
    return { text: notes.join('\n'), notes: [], json: { model: id, what, params, notes } }
  },
}

const isWhat = (word: string): word is What => WHATS.some((what) => what === word)

/** @throws FaultError `invalid` where this engine has no such search */
function cardOf({ methods }: Catalog, what: What): MethodCard {
  const card = methods.find(({ id, role }) => role === 'tuning' && id === `tune-${what}`)
  if (card) return card
  throw misunderstood(`This studio cannot look for ${what}.`, 'Update the studio.')
}

const lineOf = (what: What, { summary }: MethodCard): string => `  ${what.padEnd(11)} ${summary}`
const aboutOf = (card: MethodCard, usual: ModelCard['usual']): string =>
  `${card.title}: ${card.summary}\n\n${flagHelp(methodFlags(card, { usual }), false)}`

/** The guidance that a model is asked with: it is tuned for that. The other settings of a search are its own. */
function guidanceOf({ models }: Catalog, name = ''): ModelCard['usual'] {
  const { guidance } = models.find(({ id, title }) => id === name || title === name)?.usual ?? {}
  return guidance === undefined ? {} : { guidance }
}
