import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Node's request as the web's. `origin` is the address it came to, already checked. */
export function toRequest(incoming: IncomingMessage, origin: string): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers.set(name, value)
  const method = incoming.method ?? 'GET'
  // Whoever stops reading the body leaves the connection open, to answer on it.
  const parts = () => ReadableStream.from(incoming.iterator({ destroyOnReturn: false }))
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: parts(), duplex: 'half' as const }
  return new Request(addressOf(incoming.url, origin), { method, headers, ...body })
}

/** Where a request goes, on our origin whatever it says. */
export const addressOf = (url: string | undefined, origin: string): URL =>
  URL.parse(`${origin}${url?.startsWith('/') ? url : '/%00'}`) ?? new URL('/%00', origin)

/** Longest that a refused upload is read to its end, in milliseconds, so that the browser gets to read the answer. */
const DRAIN = 20_000

/** Writes the web's response to Node's. Whoever hung up gets nothing and hurts nobody. */
export async function sendResponse(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (!incoming.complete && incoming.method === 'POST') {
    // A browser that still sends reads no answer, and a closed connection would lose it.
    const timer = setTimeout(() => incoming.destroy(), DRAIN).unref()
    incoming.once('close', () => clearTimeout(timer)).resume()
  }
  if (!response.body || incoming.method === 'HEAD') outgoing.end()
  else await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing).catch(() => outgoing.destroy())
}
