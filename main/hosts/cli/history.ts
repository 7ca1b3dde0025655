import { fault } from '../../../preload/contract/fault.ts'
import { flagHelp, readArguments } from './flags.ts'
import { openSession } from './session.ts'
import { onlyFile, type ShellCommand } from './shell-command.ts'

const USAGE = 'history PROJECT'

/** Lists everything that was ever done to a project, newest first. */
export const historyCommand: ShellCommand = {
  name: 'history',
  usage: USAGE,
  summary: 'list what was done to a project',
  help: async () => `Usage: palimpsest ${USAGE}\n\n${flagHelp({})}\n`,

  async run(args, signal) {
    const path = await onlyFile(readArguments(args, {}).positionals, USAGE)
    await using session = await openSession()
    const { file, head, revisions, branches } = await session.client.open({ from: 'path', path }, signal)
    if (file.path === null)
      throw fault('invalid', 'This is a picture.', 'Only a project has a history.', 'Name a file ending in .palimpsest.')
    const branchName = new Map(branches.map(({ id, name }) => [id, name]))
    const rows = revisions
      .toSorted((a, b) => b.id - a.id)
      .map(({ id, parent, branch, command, label, at, version }) => ({
        revision: id,
        parent,
        branch: branchName.get(branch) ?? String(branch),
        command,
        label,
        at: new Date(at).toISOString(),
        version,
        head: id === head.revision,
      }))
    const width = String(rows[0]?.revision ?? 0).length
    const lines = rows.map((row) => {
      const flag = row.version === null ? '' : `  [${row.version}]`
      const branch = branches.length > 1 ? `  (${row.branch})` : ''
      return `${row.head ? '*' : ' '} ${String(row.revision).padStart(width)}  ${row.at.slice(0, 16).replace('T', ' ')}  ${row.label}${flag}${branch}`
    })
    return { text: lines.join('\n'), json: { file: path, title: file.title, revisions: rows }, notes: file.notes }
  },
}
