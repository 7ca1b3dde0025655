import type { Wire } from '../../preload/wire/message.ts'

/** What Electron's preload script exposes to the page; absent in a browser. */
export interface DesktopBridge {
  readonly host: 'electron'
  send(message: unknown): void
  receive(listener: (message: unknown) => void): void
  /** Where a dropped file lies on the disk. */
  pathForFile(file: File): string
  /** Asks for files to open; empty when the artist thought better of it. */
  chooseOpen(): Promise<readonly string[]>
  /** Asks where to save; null when the artist thought better of it. */
  chooseSave(name: string): Promise<string | null>
  /** Called with the path of every file the system asks the studio to open. */
  onOpenPath(listener: (path: string) => void): void
  /** Called with the id of an action chosen from the window's menu. */
  onMenu(listener: (action: string) => void): void
}

declare global {
  interface Window {
    readonly palimpsest?: DesktopBridge
  }
}

export const desktop = (): DesktopBridge | null => window.palimpsest ?? null

/** A wire to the studio: Electron's channel if there is one, a WebSocket to our own origin otherwise. @throws Error when nobody answers. */
export function openWire(): Promise<Wire> {
  const bridge = desktop()
  return bridge ? Promise.resolve(bridgeWire(bridge)) : socketWire()
}

function bridgeWire(bridge: DesktopBridge): Wire {
  return {
    send: (message) => bridge.send(message),
    receive: (listener) => bridge.receive(listener),
    // The channel lives as long as the page does.
    closed: () => {},
    close: () => {},
  }
}

function socketWire(): Promise<Wire> {
  const address = new URL('/wire', window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address)
  const early: unknown[] = []
  let listener: ((message: unknown) => void) | undefined
  let onClose: (() => void) | undefined
  socket.onmessage = ({ data }) => {
    const message = parse(data)
    if (listener) listener(message)
    else early.push(message)
  }
  socket.onclose = () => onClose?.()
  return new Promise((resolve, reject) => {
    socket.onerror = () => reject(new Error('The studio does not answer.'))
    socket.onopen = () =>
      resolve({
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
        },
        receive(next) {
          listener = next
          for (const message of early.splice(0)) next(message)
        },
        closed(next) {
          onClose = next
          if (socket.readyState === WebSocket.CLOSED) next()
        },
        close: () => socket.close(),
      })
  })
}

/** Whatever is not JSON is passed on as nothing, which the wire ignores. */
function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data))
  } catch {
    return null
  }
}
