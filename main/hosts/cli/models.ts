import { resolve } from 'node:path'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import type { HubModel, ModelRequest, ModelResult } from '../../../preload/contract/models.ts'
import { askModels, askModelsOnce, megabytes, modelNamed } from './ask-models.ts'
import { type Arguments, type Flags, flagHelp, misunderstood, readArguments, text } from './flags.ts'
import { openSession } from './session.ts'
import type { Printed, ShellCommand } from './shell-command.ts'

const USAGE = 'models [list | add PATH | verify ID | relocate ID PATH | remove ID | search TEXT | download REPOSITORY] [options]'

const FLAGS: Flags = {
  files: { type: 'boolean', help: 'remove: delete the files, too, if the studio downloaded them' },
  hub: { type: 'string', value: 'ADDRESS', help: 'search, download: another hub than HF_ENDPOINT or the public one' },
  revision: { type: 'string', value: 'NAME', help: 'download: a branch or commit; default main' },
}

const ACTIONS = `  list                 what is there: this is also what "models" alone does
  add PATH             a folder of a Stable Diffusion model in ONNX, or a folder that holds some; nothing is copied
  verify ID            read every byte and compare what can be compared
  relocate ID PATH     tell where a model lies now
  remove ID            take it off the list
  search TEXT          look for models on a hub
  download REPOSITORY  fetch one, going on where an earlier try ended

An ID may be shortened as long as it is clear. HF_TOKEN opens repositories that ask for it.`

/** Everything about the models of this machine. */
export const modelsCommand: ShellCommand = {
  name: 'models',
  usage: USAGE,
  summary: 'list, add, check, fetch and remove models',
  help: async () => `Usage: palimpsest ${USAGE}\n\n${ACTIONS}\n\n${flagHelp(FLAGS)}\n`,

  async run(args, signal) {
    const given = readArguments(args, FLAGS)
    const [action = 'list', ...words] = given.positionals
    const { named, wants, does, left } = Object.hasOwn(ACTION, action) ? ACTION[action as keyof typeof ACTION] : unknown(action)
    if (words.length !== wants) throw misunderstood(`"models ${action}" takes ${COUNTED[wants]}.`, `Usage: palimpsest ${USAGE}`)
    if (!named) return printed(action, await askModelsOnce(does(words, given), signal, left))
    await using session = await openSession()
    const { models } = await askModels(session, { do: 'list' }, signal, 'Nothing was changed.')
    const [name = '', ...others] = words
    return printed(action, await askModels(session, does([modelNamed(models, name).id, ...others], given), signal, left))
  },
}

const COUNTED = ['nothing more', 'one thing', 'two things'] as const

interface Action {
  /** Is the first of its words a model? */
  readonly named: boolean
  readonly wants: 0 | 1 | 2
  readonly does: (words: readonly string[], given: Arguments) => ModelRequest
  /** What stays when it is stopped. */
  readonly left: string
}

const NOTHING = 'Nothing was changed.'
const ACTION = {
  list: { named: false, wants: 0, does: () => ({ do: 'list' }), left: NOTHING },
  add: { named: false, wants: 1, does: ([path = '']) => ({ do: 'add', path: resolve(path) }), left: NOTHING },
  verify: { named: true, wants: 1, does: ([model = '']) => ({ do: 'verify', model }), left: NOTHING },
  relocate: { named: true, wants: 2, does: ([model = '', path = '']) => ({ do: 'relocate', model, path: resolve(path) }), left: NOTHING },
  remove: {
    named: true,
    wants: 1,
    does: ([model = ''], { values }) => ({ do: 'remove', model, files: values.files === true }),
    left: NOTHING,
  },
  search: { named: false, wants: 1, does: ([words = ''], given) => ({ do: 'search', text: words, ...hub(given) }), left: NOTHING },
  download: {
    named: false,
    wants: 1,
    does: ([repository = ''], given) => ({ do: 'download', repository, revision: text(given, 'revision') ?? 'main', ...hub(given) }),
    left: 'What was fetched is kept: the same command goes on from there.',
  },
} as const satisfies Readonly<Record<string, Action>>

const hub = (given: Arguments): { hub?: string } => {
  const address = text(given, 'hub')
  return address === undefined ? {} : { hub: address }
}

function unknown(action: string): never {
  throw misunderstood(`"models" has no action "${action}".`, `Choose one of: ${Object.keys(ACTION).join(', ')}.`)
}

function printed(action: string, result: ModelResult): Printed {
  const { models, found, notes } = result
  if (action === 'list') return { text: models.map(cardLine).join('\n'), notes, json: result }
  if (action === 'search') return { text: found.map(foundLine).join('\n') || 'Nothing was found.', notes, json: result }
  return { text: notes.join('\n'), notes: [], json: result }
}

/** Of what a model may be asked for. */
const EXAMPLES = 4

function cardLine({ id, title, source, bytes, licence, path, problem, notes, usual }: ModelCard): string {
  const head = `${id}  ${title}, ${megabytes(bytes)}, ${source}, licence ${licence}`
  const { prompts, ...asked } = usual
  const wants = Object.entries(asked).map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const examples = typeof prompts === 'string' ? prompts.split('\n').slice(0, EXAMPLES) : []
  return [
    head,
    path,
    problem && `! ${problem}`,
    wants.length > 0 && `asked with ${wants.join(', ')} where nothing else is said`,
    examples.length > 0 && `for example for ${examples.map((words) => `"${words}"`).join(', ')}`,
    ...notes,
  ]
    .filter((line) => line !== null && line !== false && line !== '')
    .join('\n    ')
}

function foundLine({ repository, licence, bytes, downloads, problem }: HubModel): string {
  const facts = [
    bytes === null ? null : megabytes(bytes),
    `licence ${licence ?? 'unknown'}`,
    downloads === null ? null : `${downloads} downloads`,
  ]
  return [`${repository}  ${facts.filter((fact) => fact !== null).join(', ')}`, ...(problem === null ? [] : [`! ${problem}`])].join(
    '\n    ',
  )
}
