import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Wire } from '../../preload/wire/message.ts'
import type { EngineExit, EngineProcess } from './contract.ts'

export interface EngineProcessOptions {
  /** Folder with `manifest.json` and the models it names. */
  readonly models: string
  /** Folder of what the engine keeps for this machine: the list of models, downloads, what tuning found. Without one it keeps and finds nothing. */
  readonly library?: string | undefined
  /** Execution provider to use whatever else is there, e.g. `cpu`. */
  readonly provider?: string | undefined
  /** Most bytes that loaded models may hold. */
  readonly memory?: number | undefined
  /** Further environment of the process. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** How long an engine may take to end by itself, in milliseconds. */
const POLITE = 1000
const ENTRY = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './index.ts' : './index.js', import.meta.url))

/** Starts an engine as a child of this Node process. It ends by itself when this process does. */
export function startEngineProcess(options: EngineProcessOptions): EngineProcess {
  const child = fork(ENTRY, [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    // The runtime prints warnings an artist can do nothing about.
    stdio: ['ignore', 'ignore', process.env.PALIMPSEST_VERBOSE ? 'inherit' : 'ignore', 'ipc'],
    env: {
      ...process.env,
      ...options.env,
      PALIMPSEST_MODELS: options.models,
      ...(options.library === undefined ? {} : { PALIMPSEST_LIBRARY: options.library }),
      ...(options.provider === undefined ? {} : { PALIMPSEST_PROVIDER: options.provider }),
      ...(options.memory === undefined ? {} : { PALIMPSEST_MEMORY: String(options.memory) }),
    },
  })
  let asked = false
  const exited = new Promise<EngineExit>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ reason: 'unstartable', message: error.message })
    })
    child.once('exit', (code, signal) => {
      if (asked) resolve({ reason: 'asked' })
      else resolve(signal ? { reason: 'killed', signal } : { reason: 'exited', code: code ?? 0 })
    })
  })
  return {
    wire: childWire(child),
    pid: child.pid,
    exited,
    async stop() {
      asked = true
      if (child.connected) child.disconnect()
      const force = setTimeout(() => child.kill('SIGKILL'), POLITE)
      const exit = await exited
      clearTimeout(force)
      return exit
    },
  }
}

function childWire(child: ChildProcess): Wire {
  const early: unknown[] = []
  let deliver = (message: unknown): void => void early.push(message)
  let onClosed: (() => void) | undefined
  let isClosed = false
  const close = () => {
    if (isClosed) return
    isClosed = true
    onClosed?.()
  }
  child.on('message', (message) => deliver(message))
  child.once('disconnect', close)
  child.once('exit', close)
  child.once('error', close)
  return {
    send(message) {
      // A message that cannot be delivered any more is answered by `closed`.
      if (child.connected) child.send(message, () => undefined)
    },
    receive(listener) {
      deliver = listener
      for (const message of early.splice(0)) listener(message)
    },
    closed(listener) {
      onClosed = listener
      if (isClosed) queueMicrotask(listener)
    },
    close() {
      if (child.connected) child.disconnect()
    },
  }
}
