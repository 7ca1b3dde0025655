import type { Wire } from '../../preload/wire/message.ts'

/** The part of a message port this file needs; Electron's `process.parentPort` is one. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
}

/**
 * The engine's end of the wire to its parent: Electron's parent port in a utility process, Node's IPC channel in a forked child.
 * @throws Error when the process has no parent to speak to.
 */
export function parentWire(): Wire {
  const port = (process as { parentPort?: ParentPort }).parentPort
  const early: unknown[] = []
  let deliver = (message: unknown): void => void early.push(message)
  const receive = (listener: (message: unknown) => void) => {
    deliver = listener
    for (const message of early.splice(0)) listener(message)
  }
  if (port) {
    port.on('message', ({ data }) => deliver(data))
    // A utility process ends with its parent, so there is nobody left to tell that the port closed.
    return { send: (message) => port.postMessage(message), receive, closed: () => undefined, close: () => process.exit(0) }
  }
  const send = process.send?.bind(process)
  if (!send) throw new Error('The engine is started by the studio, not by hand: it has no parent to speak to.')
  process.on('message', (message) => deliver(message))
  return {
    send: (message) => {
      if (process.connected) send(message, undefined, undefined, () => undefined)
    },
    receive,
    closed: (listener) => void process.on('disconnect', listener),
    close: () => process.disconnect(),
  }
}
