import type { CommandOf } from '../../../preload/contract/command.ts'
import type { Document } from '../../../preload/contract/document.ts'
import { type Arguments, type Flags, misunderstood, readArguments, text } from './flags.ts'
import { type Imagine, imaginationOf, MAKING, make, modelOf, openPicture, seedOf, usualOf, WRITING, written } from './imagine.ts'
import { methodFlags, methodHelp, methodParams } from './knobs.ts'
import { progressLine } from './progress-line.ts'
import { objectsOf, REGIONS } from './regions.ts'
import { openSession } from './session.ts'
import { formatOf, onlyFile, outFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'fill IN --box X,Y,W,H --words "WORDS" --out OUT [options]'
const FLAGS: Flags = {
  ...WRITING,
  words: { type: 'string', value: '"WORDS"', help: 'what shall be there; default: what the surroundings suggest' },
  ...REGIONS,
  extend: { type: 'string', value: 'L,T,R,B', help: 'pixels added at the left, top, right and bottom, and filled' },
  ...MAKING,
}
const ASKED = ['prompt']

/** Makes a part of a picture anew, or goes on with it beyond its edges. */
export const fillCommand: ShellCommand = {
  name: 'fill',
  usage: USAGE,
  summary: 'make a part of a picture anew, or extend it',

  async help(args) {
    await using session = await openSession()
    const catalog = await session.client.catalog({})
    return methodHelp(USAGE, FLAGS, imaginationOf(catalog, 'fill'), { without: ASKED, usual: usualOf(catalog, args, 'change') })
  },

  async run(args, signal) {
    await using session = await openSession()
    const catalog = await session.client.catalog({}, signal)
    const method = imaginationOf(catalog, 'fill')
    const given = readArguments(args, { ...FLAGS, ...methodFlags(method, { without: ASKED }) })
    const from = await onlyFile(given.positionals, USAGE)
    const out = await outFile(text(given, 'out'), from, USAGE)
    formatOf(out)
    const shown = objectsOf(given)
    const edges = edgesOf(given)
    if ((shown.length === 0) === (edges === null))
      throw misunderstood(
        'It does not say what to fill, or says two things.',
        'Show a part with --box or --thing, or extend the picture with --extend.',
      )
    const params = { ...methodParams(method, given), prompt: text(given, 'words') ?? '' }
    const seed = seedOf(given)
    const model = modelOf(catalog, given, 'change')
    const { file, document, source } = await openPicture(session, from, signal)
    const project = file.id
    const frame = edges && frameOf(document, edges)
    if (frame) await session.run({ project, command: frame }, progressLine(process.stderr), signal)
    const objects = edges ? [{ region: around(document, edges), becomes: '' }] : shown
    const command: Imagine = { type: 'picture.imagine', method: method.id, model: model.id, layer: source.id, objects, params, seed }
    const made = await make(session, project, command, signal)
    const printed = await written(session, project, made, given, out, signal)
    const { width, height } = frame ?? document
    return { ...printed, json: { ...printed.json, width, height } }
  },
}

type Edges = readonly [left: number, top: number, right: number, bottom: number]

function edgesOf(given: Arguments): Edges | null {
  const extend = text(given, 'extend')
  if (extend === undefined) return null
  const edges = extend.split(',').map(Number)
  if (edges.length !== 4 || !edges.every((edge) => Number.isInteger(edge) && edge >= 0) || edges.every((edge) => edge === 0))
    throw misunderstood(`--extend is "${extend}".`, 'Give it as four numbers of pixels: LEFT,TOP,RIGHT,BOTTOM.')
  return edges as unknown as Edges
}

const frameOf = ({ width, height }: Document, [left, top, right, bottom]: Edges): CommandOf<'document.frame'> => ({
  type: 'document.frame',
  x: -left,
  y: -top,
  width: width + left + right,
  height: height + top + bottom,
})

/** All of the new frame but the picture: one line around both, which the even-odd rule takes for a border. */
function around({ width, height }: Document, [left, top, right, bottom]: Edges) {
  const corners = (x: number, y: number, w: number, h: number): [number, number][] => [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
    [x, y],
  ]
  const points = [...corners(0, 0, width + left + right, height + top + bottom), ...corners(left, top, width, height)]
  return { from: 'polygon' as const, points: [...points, [0, 0] as [number, number]] }
}
