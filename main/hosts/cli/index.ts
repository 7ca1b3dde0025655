import { fault } from '../../../preload/contract/fault.ts'
import { editCommand } from './edit.ts'
import { exportCommand } from './export.ts'
import { fillCommand } from './fill.ts'
import { generateCommand } from './generate.ts'
import { historyCommand } from './history.ts'
import { infoCommand } from './info.ts'
import { invertCommand } from './invert.ts'
import { modelsCommand } from './models.ts'
import { restoreCommand } from './restore.ts'
import type { ShellCommand } from './shell-command.ts'
import { tuneCommand } from './tune.ts'

const COMMANDS: readonly ShellCommand[] = [
  editCommand,
  exportCommand,
  fillCommand,
  generateCommand,
  historyCommand,
  infoCommand,
  invertCommand,
  modelsCommand,
  restoreCommand,
  tuneCommand,
]

const HELP = `Usage: palimpsest COMMAND [arguments]

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`).join('\n')}
  serve     serve the studio to a browser on this machine

"palimpsest COMMAND --help" tells what a command takes. Results go to standard output, progress to standard error.

Exit codes: 0 done, 2 wrong arguments, 3 something is not there, 4 refused, 5 busy, 6 damaged file, 7 file of a newer
version, 8 disk full, 9 the engine failed, 10 unsupported format, 70 a defect of ours, 130 cancelled.
`

/** Runs one command of the shell. @throws FaultError; aborting `signal` cancels within a second. */
export async function runShell(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return print(HELP)
  const command = COMMANDS.find((candidate) => candidate.name === name)
  if (!command)
    throw fault(
      'invalid',
      'The command was not understood.',
      `The studio has no command "${name}".`,
      'Run "npm start -- --help" for the list.',
    )
  if (rest.includes('--help') || rest.includes('-h')) return print(await command.help(rest))
  const { text, json, notes } = await command.run(rest, signal)
  for (const note of notes) process.stderr.write(`${note}\n`)
  print(rest.includes('--json') ? `${JSON.stringify(json)}\n` : `${text}\n`)
}

const print = (text: string): void => void process.stdout.write(text)
