import { stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import type { ExportFormat } from '../../../preload/contract/command.ts'
import { fault } from '../../../preload/contract/fault.ts'

/** What a command prints: words for people, or one value for programs. Notes go to standard error. */
export interface Printed {
  readonly text: string
  readonly json: object
  readonly notes: readonly string[]
}

/** A command of the shell. Adding one is its file and a line in index.ts. */
export interface ShellCommand {
  readonly name: string
  readonly usage: string
  readonly summary: string
  help(args: readonly string[]): Promise<string>
  /** @throws FaultError */
  run(args: readonly string[], signal: AbortSignal): Promise<Printed>
}

const FORMATS: Readonly<Record<string, ExportFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
}

/** The format a file name asks for. @throws FaultError `unsupported` */
export function formatOf(file: string): ExportFormat {
  const format = FORMATS[extname(file).toLowerCase()]
  if (format) return format
  throw fault(
    'unsupported',
    'The result has no format.',
    `The studio writes no file that ends in "${extname(file)}".`,
    `Choose a name ending in ${Object.keys(FORMATS).join(', ')}.`,
  )
}

/** The one thing a command works on. @throws FaultError `invalid`, `missing` */
export async function onlyFile(positionals: readonly string[], usage: string): Promise<string> {
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0)
    throw fault(
      'invalid',
      'The command was not understood.',
      file === undefined ? 'No file was named.' : 'It takes one file.',
      `Usage: palimpsest ${usage}`,
    )
  const path = resolve(file)
  if (!(await stat(path).catch(() => null)))
    throw fault('missing', `"${file}" is not there.`, 'No file has this name.', 'Check the name and the folder.')
  return path
}

/** Where the result goes. @throws FaultError `invalid` when it is not said */
export function newFile(out: string | undefined, usage: string): string {
  if (out) return resolve(out)
  throw fault('invalid', 'The command was not understood.', 'It does not say where the result goes.', `Usage: palimpsest ${usage}`)
}

/** The same where it is made from another file. @throws FaultError `invalid`, `refused` when it would replace that file. */
export async function outFile(out: string | undefined, from: string, usage: string): Promise<string> {
  const path = newFile(out, usage)
  // Two names may lead to one file: a link, another case of letters.
  const [source, target] = await Promise.all([stat(from), stat(path).catch(() => null)])
  if (target && (path === from || (target.ino === source.ino && target.dev === source.dev)))
    throw fault('refused', 'The result was not written.', 'It would replace the file it is made from.', 'Choose another name with --out.')
  return path
}
