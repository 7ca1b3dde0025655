import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fault } from '../../../preload/contract/fault.ts'
import { dataFolder, sourceFolders } from '../folders.ts'
import { startNodeStudio } from '../node-studio.ts'
import { startWebHost } from './server.ts'

export const SERVE_HELP = `Usage: palimpsest serve [FILE] [options]

Serves the studio to a browser on this machine and prints the address to open. Ctrl-C ends it.
FILE, a project or a picture, is what it begins with.

  --port N          port on 127.0.0.1; without it any free one
  --data DIR        folder of unsaved projects and uploads
  --upload-limit N  largest file a browser may hand over, in MB (1000)
  --no-open         print the address, open no browser
  --json            print {"address": "…", "port": N} on one line
`

/** Serves until `signal` aborts. @throws FaultError when the options are wrong or the port cannot be used. */
export async function serveStudio(args: readonly string[], signal: AbortSignal): Promise<void> {
  const options = parse(args)
  if (options.help) return void process.stdout.write(SERVE_HELP)
  await using studio = await startNodeStudio('web', options.data)
  const project =
    options.file === undefined ? undefined : (await studio.service.open({ from: 'path', path: resolve(options.file) }, signal)).file.id
  await using host = await startWebHost({
    studio,
    project,
    pageFolder: sourceFolders().page,
    port: options.port,
    uploadLimit: options.uploadLimit,
  })
  console.log(options.json ? JSON.stringify({ address: host.address, port: host.port }) : `Palimpsest is at ${host.address}`)
  if (options.open && hasDisplay()) openBrowser(host.address)
  await new Promise<void>((end) => {
    if (signal.aborted) end()
    signal.addEventListener('abort', () => end(), { once: true })
  })
}

function parse(args: readonly string[]) {
  const { values, positionals } = readFlags(args)
  if (positionals.length > 1)
    throw fault('invalid', 'The studio was not started.', 'It begins with one file.', 'Open the others from there.')
  return {
    file: positionals[0],
    help: values.help === true,
    json: values.json === true,
    open: values['no-open'] !== true && values.json !== true,
    data: values.data ?? dataFolder(),
    port: whole('port', values.port ?? '0', 65_535),
    uploadLimit: whole('upload-limit', values['upload-limit'] ?? '1000', 1_000_000) * 1_000_000,
  }
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        'upload-limit': { type: 'string' },
        'no-open': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw fault('invalid', 'The studio was not started.', (error as Error).message, 'See "npm start -- serve --help".', { cause: error })
  }
}

function whole(flag: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= most) return value
  throw fault('invalid', 'The studio was not started.', `--${flag} is "${text}".`, `Give a whole number up to ${most}.`)
}

const hasDisplay = (): boolean =>
  !process.env.CI && (process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY))

/** Best effort: the address is printed whether or not a browser opens. */
function openBrowser(address: string): void {
  const [command, args] =
    process.platform === 'darwin'
      ? (['open', [address]] as const)
      : process.platform === 'win32'
        ? (['rundll32', ['url.dll,FileProtocolHandler', address]] as const)
        : (['xdg-open', [address]] as const)
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
