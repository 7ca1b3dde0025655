import { type Arguments, type Flags, misunderstood, readArguments, text } from './flags.ts'
import { type Imagine, imaginationOf, MAKING, make, modelOf, seedOf, usualOf, WRITING, written } from './imagine.ts'
import { methodFlags, methodHelp, methodParams } from './knobs.ts'
import { openSession } from './session.ts'
import { formatOf, newFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'generate "WORDS" --out FILE [options]'
const FLAGS: Flags = {
  ...WRITING,
  size: { type: 'string', value: 'WxH', help: 'size of the picture in pixels; default: the one the model was trained on' },
  ...MAKING,
}
/** Asked for as words and as a size. */
const ASKED = ['prompt', 'width', 'height']
/** Side of a picture where neither the artist nor the model says one. */
const SIDE = 512

/** Makes a picture from words alone. */
export const generateCommand: ShellCommand = {
  name: 'generate',
  usage: USAGE,
  summary: 'make a picture from words',

  async help(args) {
    await using session = await openSession()
    const catalog = await session.client.catalog({})
    return methodHelp(USAGE, FLAGS, imaginationOf(catalog, 'generate'), { without: ASKED, usual: usualOf(catalog, args, 'make') })
  },

  async run(args, signal) {
    await using session = await openSession()
    const { client } = session
    const catalog = await client.catalog({}, signal)
    const method = imaginationOf(catalog, 'generate')
    const given = readArguments(args, { ...FLAGS, ...methodFlags(method, { without: ASKED }) })
    const out = newFile(text(given, 'out'), USAGE)
    formatOf(out)
    const prompt = onlyWords(given)
    const size = sizeOf(given)
    const params = { ...methodParams(method, given), prompt, ...size }
    const seed = seedOf(given)
    const model = modelOf(catalog, given, 'make')
    const { width, height } = size ?? { width: model.side ?? SIDE, height: model.side ?? SIDE }
    const { file } = await client.open({ from: 'size', title: prompt.slice(0, 80), width, height, background: null }, signal)
    const command: Imagine = { type: 'picture.imagine', method: method.id, model: model.id, layer: null, objects: [], params, seed }
    const made = await make(session, file.id, command, signal)
    const printed = await written(session, file.id, made, given, out, signal)
    return { ...printed, json: { ...printed.json, width, height } }
  },
}

function onlyWords({ positionals }: Arguments): string {
  const [words, ...more] = positionals
  if (words === undefined || more.length > 0)
    throw misunderstood(
      words === undefined ? 'No words say what to make.' : 'It takes its words as one: in quotes.',
      `Usage: palimpsest ${USAGE}`,
    )
  return words
}

function sizeOf(given: Arguments): { width: number; height: number } | null {
  const size = text(given, 'size')
  if (size === undefined) return null
  const [, width, height] = /^(\d{1,5})\s*[x×]\s*(\d{1,5})$/i.exec(size.trim()) ?? []
  if (!Number(width) || !Number(height)) throw misunderstood(`--size is "${size}".`, 'Give it as WIDTHxHEIGHT, e.g. 768x512.')
  return { width: Number(width), height: Number(height) }
}
