import type { WebSocket } from 'ws'
import type { Wire } from '../../../preload/wire/message.ts'

/** Bytes that may wait for a browser that does not read; beyond, the socket is closed and the page comes back when it can. */
const BACKLOG = 64 * 1024 * 1024

/** A wire of JSON text frames over a WebSocket. What is not JSON arrives as null, which the wire's reader ignores. */
export function socketWire(socket: WebSocket): Wire {
  socket.on('error', () => socket.terminate())
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > BACKLOG) socket.terminate()
      else socket.send(JSON.stringify(message))
    },
    receive(listener) {
      socket.on('message', (data, isBinary) => listener(isBinary ? null : parse(String(data))))
    },
    closed(listener) {
      socket.once('close', () => listener())
    },
    close: () => socket.close(),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
