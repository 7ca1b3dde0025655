import { fault } from '../../../preload/contract/fault.ts'
import { type Flags, flagHelp, number, readArguments, text } from './flags.ts'
import { progressLine } from './progress-line.ts'
import { openSession } from './session.ts'
import { formatOf, onlyFile, outFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'export PROJECT --out FILE [options]'

const FLAGS: Flags = {
  out: { type: 'string', value: 'FILE', help: 'where the picture goes; its ending chooses png, jpeg, webp, avif or tiff' },
  layer: { type: 'string', value: 'NAME', help: 'only the layer of this name; default: the whole picture' },
  quality: { type: 'string', value: 'N', help: '1 to 100, for formats that lose something; default 90' },
}

/** Flattens a project, or turns a picture into another format. */
export const exportCommand: ShellCommand = {
  name: 'export',
  usage: USAGE,
  summary: 'write a project as a picture',
  help: async () => `Usage: palimpsest ${USAGE}\n\n${flagHelp(FLAGS)}\n`,

  async run(args, signal) {
    const given = readArguments(args, FLAGS)
    const from = await onlyFile(given.positionals, USAGE)
    const out = await outFile(text(given, 'out'), from, USAGE)
    const format = formatOf(out)
    const quality = number('quality', text(given, 'quality') ?? '90')
    await using session = await openSession()
    const { file, document } = await session.client.open({ from: 'path', path: from }, signal)
    const name = text(given, 'layer')
    const layer = name === undefined ? null : document.layers.findLast((candidate) => candidate.name === name)
    if (layer === undefined)
      throw fault(
        'missing',
        `There is no layer "${name}".`,
        `The project has: ${document.layers.map((each) => `"${each.name}"`).join(', ')}.`,
        'Choose one of them.',
      )
    const { file: written, notes } = await session.run(
      { project: file.id, command: { type: 'picture.export', format, quality, layer: layer?.id ?? null, path: out } },
      progressLine(process.stderr),
      signal,
    )
    return {
      text: out,
      notes: [...file.notes, ...notes],
      json: {
        out,
        format,
        bytes: written?.bytes ?? null,
        width: document.width,
        height: document.height,
        notes: [...file.notes, ...notes],
      },
    }
  },
}
