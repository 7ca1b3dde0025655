import type { UtilityProcess } from 'electron'
import type { Wire } from '../../../preload/wire/message.ts'
import type { EngineExit, EngineProcess } from '../../engine/contract.ts'
import type { Electron } from './electron.ts'

/** How long an engine may take to end by itself, in milliseconds. */
const POLITE = 1000

export interface UtilityEngineOptions {
  /** The engine's entry, built. */
  readonly engine: string
  /** Folder with `manifest.json` and the models it names. */
  readonly models: string
  /** Folder of what the engine keeps for this machine. */
  readonly library: string
  /** Execution provider to use whatever else is there, e.g. `cpu`. */
  readonly provider?: string | undefined
}

/** Starts the engine as Electron's utility process: a Node of its own that dies with the application. */
export function startUtilityEngine(
  { utilityProcess }: Pick<Electron, 'utilityProcess'>,
  { engine, models, library, provider }: UtilityEngineOptions,
): EngineProcess {
  const child = utilityProcess.fork(engine, [], {
    serviceName: 'Palimpsest engine',
    stdio: 'ignore',
    env: {
      ...process.env,
      PALIMPSEST_MODELS: models,
      PALIMPSEST_LIBRARY: library,
      ...(provider ? { PALIMPSEST_PROVIDER: provider } : {}),
    },
  })
  let asked = false
  const exited = new Promise<EngineExit>((resolve) => {
    child.once('exit', (code) => resolve(asked ? { reason: 'asked' } : { reason: 'exited', code }))
  })
  return {
    wire: utilityWire(child),
    get pid() {
      return child.pid
    },
    exited,
    async stop() {
      asked = true
      child.kill()
      const force = setTimeout(() => {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
      }, POLITE)
      const exit = await exited
      clearTimeout(force)
      return exit
    },
  }
}

function utilityWire(child: UtilityProcess): Wire {
  const early: unknown[] = []
  let deliver = (message: unknown): void => void early.push(message)
  let onClosed = () => {}
  let isClosed = false
  child.on('message', (message) => deliver(message))
  child.once('exit', () => {
    isClosed = true
    onClosed()
  })
  return {
    send(message) {
      if (!isClosed) child.postMessage(message)
    },
    receive(listener) {
      deliver = listener
      for (const message of early.splice(0)) listener(message)
    },
    closed(listener) {
      onClosed = listener
      if (isClosed) queueMicrotask(listener)
    },
    close: () => void child.kill(),
  }
}
