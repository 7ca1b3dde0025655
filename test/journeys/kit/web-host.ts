import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const PROGRAM = join(import.meta.dirname, '../../../main/hosts/palimpsest.ts')

/** The web host as an artist starts it: a process of its own. */
export interface WebHost extends AsyncDisposable {
  /** The address that lets a browser in, once. */
  readonly address: string
  readonly process: ChildProcess
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
}

/** Starts the web host on a free port. `data` keeps unsaved projects from one start to the next; `more` are further arguments. @throws Error when it does not come up. */
export async function startWebHost(data: string, env: NodeJS.ProcessEnv = {}, more: readonly string[] = []): Promise<WebHost> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--json', '--data', data, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const exited = once(child, 'exit')
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exited.then(() => [''])])) as [string]
  if (!line) throw new Error(`The web host did not start. ${complaints}`)
  const { address } = JSON.parse(line) as { address: string }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  return {
    address,
    process: child,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  }
}

/** A folder of one test's own. */
export async function privateFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'palimpsest-journey-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}
