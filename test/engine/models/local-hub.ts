import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const COMMIT = 'c'.repeat(40)

/** How a hub behaves, when it does not behave well. */
export interface Manners {
  /** Answers this to requests for files and repositories, this many times. */
  failing?: { status: number; times: number }
  /** Ends the connection after so many bytes of a file's answer. */
  cutAfter?: number | undefined
  /** Sends no byte of a file until this resolves. */
  gate?: Promise<unknown> | undefined
  /** Falls silent in the middle of a file, this many times. */
  silent?: number
  /** Ignores ranges. */
  isPlain?: boolean
  /** Only opens for this token. */
  token?: string
  /** Does not tell how long this file is. */
  unmeasured?: string
  /** What a file holds instead of what was promised. */
  lies?: Map<string, Buffer>
}

/** A server on this machine that speaks the hub's interface, and remembers what it was asked. */
export interface LocalHub extends AsyncDisposable {
  readonly address: string
  readonly manners: Manners
  /** Method and path of each request, with its range. */
  readonly asked: string[]
  readonly tokens: (string | undefined)[]
  readonly files: Map<string, Buffer>
  /** Everything below a folder becomes a file of the repository. */
  take(folder: string): void
}

export async function openHub(repository: string, { licence = 'mit', elsewhere = false } = {}): Promise<LocalHub> {
  const [files, asked, tokens]: [Map<string, Buffer>, string[], (string | undefined)[]] = [new Map(), [], []]
  const manners: Manners = {}
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const address = `http://127.0.0.1:${port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', address)
    asked.push(`${pathname}${request.headers.range ? ` ${request.headers.range}` : ''}`)
    tokens.push(request.headers.authorization)
    const end = (status: number, body: unknown = {}) => response.writeHead(status).end(JSON.stringify(body))
    if (pathname === '/api/models') return void end(200, found(searchParams.get('search') ?? ''))
    if (manners.failing && manners.failing.times-- > 0) return void end(manners.failing.status)
    // Of a closed repository anybody may know what it holds; one that nobody is told of is no different from none.
    if (pathname === `/api/models/${repository}/revision/main`) return void end(200, described(searchParams.get('blobs') === 'true'))
    if (!pathname.includes(repository) && !pathname.startsWith('/blobs/'))
      return void response.writeHead(401, { 'x-error-code': 'RepoNotFound' }).end()
    if (manners.token && request.headers.authorization !== `Bearer ${manners.token}` && !pathname.startsWith('/blobs/'))
      return void end(401)
    const path = decodeURIComponent(pathname.replace(`/${repository}/resolve/${COMMIT}/`, '').replace('/blobs/', ''))
    const bytes = manners.lies?.get(path) ?? files.get(path)
    if (!bytes) return void end(404)
    // Large files lie on another server, as they do on the real one.
    if (elsewhere && !pathname.startsWith('/blobs/') && path.endsWith('.onnx'))
      return void response.writeHead(302, { location: `http://localhost:${port}/blobs/${encodeURIComponent(path)}` }).end()
    await sendFile(request, response, bytes)
  }

  async function sendFile(request: IncomingMessage, response: ServerResponse, bytes: Buffer): Promise<void> {
    const from = manners.isPlain ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from >= bytes.length && from > 0) return void response.writeHead(416).end()
    const part = bytes.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': part.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    })
    await manners.gate
    const cut = manners.cutAfter
    if (cut !== undefined && part.length > cut) {
      response.write(part.subarray(0, cut))
      await pause(20)
      return void response.destroy()
    }
    if (manners.silent) {
      manners.silent--
      response.write(part.subarray(0, part.length / 2))
      return
    }
    response.end(part)
  }

  const described = (withSizes: boolean) => ({
    id: repository,
    sha: COMMIT,
    gated: manners.token ? 'auto' : false,
    tags: ['onnx', `license:${licence}`],
    cardData: { license: licence },
    siblings: [...files].map(([rfilename, bytes]) => {
      if (!withSizes || rfilename === manners.unmeasured) return { rfilename }
      const blobId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return {
        rfilename,
        size: bytes.length,
        blobId,
        ...(/\.(onnx|pb|onnx_data|safetensors)$/.test(rfilename) ? { lfs: { sha256, size: bytes.length } } : {}),
      }
    }),
  })
  const found = (text: string) =>
    [
      { id: 'somebody/words', downloads: 900, tags: ['onnx', 'license:apache-2.0'], siblings: [{ rfilename: 'model.onnx' }] },
      { ...described(false), downloads: 12 },
    ].filter(({ id }) => id.includes(text))

  return {
    address,
    manners,
    asked,
    tokens,
    files,
    take(folder) {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name)
        if (entry.isFile()) files.set(path.slice(folder.length + 1), readFileSync(path))
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
