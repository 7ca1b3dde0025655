import type { UtilityProcess } from 'electron'
import type { Wire } from '../../../preload/wire/message.ts'
import type { EngineExit, EngineProcess } from '../../engine/contract.ts'
import type { Electron } from './electron.ts'

/** How long an engine may take to end by itself, in milliseconds. */
const POLITE = 1000

/** Starts the engine as Electron's utility process: a Node of its own that dies with the application. */
export function startUtilityEngine(
  { utilityProcess }: Pick<Electron, 'utilityProcess'>,
  entry: string,
  models: string,
  provider?: string,
): EngineProcess {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Palimpsest engine',
    stdio: 'ignore',
    env: { ...process.env, PALIMPSEST_MODELS: models, ...(provider ? { PALIMPSEST_PROVIDER: provider } : {}) },
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
