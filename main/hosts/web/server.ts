import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { fault, toFault } from '../../../preload/contract/fault.ts'
import type { ProjectId } from '../../../preload/contract/ids.ts'
import { studio as contract } from '../../../preload/contract/studio.ts'
import { serve } from '../../../preload/wire/serve.ts'
import type { StudioHandle } from '../../studio/handle.ts'
import { createSite, type Site } from '../site.ts'
import { addressOf, sendResponse, toRequest } from './exchange.ts'
import { type Caller, createGate, type Gate } from './gate.ts'
import { securityHeaders } from './headers.ts'
import { socketWire } from './socket-wire.ts'

export interface WebHostOptions {
  readonly studio: StudioHandle
  readonly pageFolder: string
  /** 0 takes any free one. */
  readonly port: number
  /** Most bytes one upload may have. */
  readonly uploadLimit: number
  /** A project, open in the studio, that the page begins with. */
  readonly project?: ProjectId | undefined
}

export interface WebHost extends AsyncDisposable {
  /** The address to open, with its one-time token. */
  readonly address: string
  readonly port: number
}

/** Longest message a page may send, in bytes: a stroke of 20 000 points has about one million. */
const MESSAGE_LIMIT = 4 * 1024 * 1024
export const WIRE_PATH = '/wire'

/**
 * Serves the studio to a browser on this machine: page, blobs, uploads and the wire, on 127.0.0.1 alone.
 * @throws FaultError `busy` when the port is taken, `refused` when it may not be used.
 */
export async function startWebHost({ studio, pageFolder, port: wanted, uploadLimit, project }: WebHostOptions): Promise<WebHost> {
  let gate: Gate
  let site: Site
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_LIMIT, perMessageDeflate: false })
  const server = createServer(async (incoming, outgoing) => {
    // A client that hangs up is no event here.
    incoming.on('error', () => {})
    outgoing.on('error', () => {})
    try {
      const admission = gate.admit(callerOf(incoming, false))
      if (admission.type === 'welcome') {
        const headers = {
          location: project ? `/#${project}` : '/',
          'set-cookie': admission.cookie,
          'cache-control': 'no-store',
          ...securityHeaders(portOf()),
        }
        outgoing.writeHead(303, headers).end()
      } else if (admission.type === 'refused') {
        const response = Response.json(admission.fault, {
          status: 403,
          headers: { 'cache-control': 'no-store', ...securityHeaders(portOf()) },
        })
        await sendResponse(response, incoming, outgoing)
      } else await sendResponse(await site(toRequest(incoming, `http://127.0.0.1:${portOf()}`)), incoming, outgoing)
    } catch (thrown) {
      if (outgoing.headersSent) outgoing.destroy()
      else
        outgoing.writeHead(400, { 'content-type': 'application/json', ...securityHeaders(portOf()) }).end(JSON.stringify(toFault(thrown)))
    }
  })
  const portOf = () => (server.address() as AddressInfo).port

  server.on('upgrade', (incoming, socket, head) => {
    socket.on('error', () => socket.destroy())
    const isWire = addressOf(incoming.url, 'http://127.0.0.1').pathname === WIRE_PATH
    const status = gate.admit(callerOf(incoming, true)).type !== 'in' ? 403 : isWire ? null : 404
    if (status !== null) socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    else sockets.handleUpgrade(incoming, socket, head, (connected) => serve(contract, studio.service, socketWire(connected)))
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(wanted, error)))
    server.listen({ host: '127.0.0.1', port: wanted }, resolve)
  })
  const port = portOf()
  gate = createGate(port)
  site = createSite({ studio, pageFolder, headers: securityHeaders(port), uploadLimit })

  return {
    address: `http://127.0.0.1:${port}/?token=${gate.token}`,
    port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await closed
    },
  }
}

const callerOf = (incoming: IncomingMessage, upgrade: boolean): Caller => ({
  method: incoming.method ?? 'GET',
  url: incoming.url ?? '/',
  host: incoming.headers.host,
  origin: incoming.headers.origin,
  cookie: incoming.headers.cookie,
  upgrade,
})

function cannotListen(port: number, error: NodeJS.ErrnoException) {
  if (error.code === 'EADDRINUSE')
    return fault('busy', 'The studio cannot be served there.', `Another program uses port ${port}.`, 'Choose another port, or none.')
  return fault('refused', 'The studio cannot be served there.', `${error.message}.`, 'Choose another port, or none.')
}
