import { stat } from 'node:fs/promises'
import { flagHelp, readArguments } from './flags.ts'
import { openSession } from './session.ts'
import { onlyFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'info FILE'

/** Tells what a project or a picture holds. */
export const infoCommand: ShellCommand = {
  name: 'info',
  usage: USAGE,
  summary: 'tell what a project or a picture holds',
  help: async () => `Usage: palimpsest ${USAGE}\n\n${flagHelp({})}\n`,

  async run(args, signal) {
    const path = await onlyFile(readArguments(args, {}).positionals, USAGE)
    await using session = await openSession()
    const { file, document, revisions, branches, head } = await session.client.open({ from: 'path', path }, signal)
    const { size } = await stat(path)
    const isProject = file.path !== null
    const { width, height } = document
    const layers = document.layers.map(({ name, visible, opacity, blend, recipe }) => ({
      name,
      visible,
      opacity,
      blend,
      method: recipe?.method ?? null,
    }))
    // What a picture says of itself is the recipe of the one layer it becomes.
    const carried = isProject ? null : (document.layers[0]?.recipe ?? null)
    const settings = carried && { ...carried.params, seed: carried.seed }
    const json = {
      file: path,
      kind: isProject ? 'project' : 'picture',
      bytes: size,
      title: file.title,
      width,
      height,
      profile: document.profile !== null,
      exif: document.exif !== null,
      ...(isProject
        ? {
            id: file.id,
            readOnly: file.readOnly,
            layers,
            revision: head.revision,
            revisions: revisions.length,
            branches: branches.map(({ name, tip }) => ({ name, tip })),
            versions: revisions.flatMap(({ id, version }) => (version === null ? [] : [{ name: version, revision: id }])),
          }
        : { settings }),
      notes: file.notes,
    }
    const lines = [
      `${file.title}: ${isProject ? 'project' : 'picture'}, ${width} × ${height} pixels, ${(size / 1e6).toFixed(2)} MB`,
      `colour profile: ${json.profile ? 'kept' : 'none, taken as sRGB'}; EXIF: ${json.exif ? 'kept' : 'none'}`,
    ]
    for (const [name, value] of Object.entries(settings ?? {})) lines.push(`made with ${name}: ${String(value).replaceAll('\n', ' ')}`)
    if (isProject) {
      lines.push(
        `${revisions.length} revisions on ${branches.length} ${branches.length === 1 ? 'branch' : 'branches'}, now at ${head.revision}`,
      )
      lines.push('layers, top first:')
      for (const { name, visible, opacity, blend, method } of layers.toReversed())
        lines.push(`  ${visible ? ' ' : '-'} ${name}  ${blend} ${Math.round(opacity * 100)} %${method ? `  by ${method}` : ''}`)
    }
    return { text: lines.join('\n'), json, notes: file.notes }
  },
}
