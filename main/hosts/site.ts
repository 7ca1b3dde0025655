import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { type FaultKind, fault, toFault } from '../../preload/contract/fault.ts'
import { BlobId, ProjectId } from '../../preload/contract/ids.ts'
import { UPLOAD_PATH } from '../../preload/contract/studio.ts'
import type { StudioHandle } from '../studio/handle.ts'

export interface SiteOptions {
  readonly studio: Pick<StudioHandle, 'blob' | 'upload'>
  readonly pageFolder: string
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>
  /** Most bytes one upload may have. */
  readonly uploadLimit: number
}

/** Answers requests for the page, for blobs and for uploads: the same paths in a browser and in Electron. Never throws. */
export type Site = (request: Request) => Promise<Response>

/** The status that tells a fault's kind to a program that does not read it. */
const STATUS: Readonly<Record<FaultKind, number>> = {
  invalid: 400,
  missing: 404,
  refused: 403,
  busy: 409,
  damaged: 422,
  newer: 422,
  full: 507,
  engine: 503,
  cancelled: 408,
  unsupported: 415,
  internal: 500,
}

/** What a stored blob may call itself. Nothing a browser would run. */
const BLOB_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/tiff'])

const PAGE_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
}

const FOREVER = 'private, max-age=31536000, immutable'

export function createSite({ studio, pageFolder, headers, uploadLimit }: SiteOptions): Site {
  const root = resolve(pageFolder)

  const page = async (path: string): Promise<Response> => {
    const file = resolve(root, `.${path === '/' ? '/index.html' : path}`)
    const type = PAGE_TYPES[extname(file)]
    const bytes = type && file.startsWith(root + sep) && !path.includes('\0') ? await readFile(file).catch(() => null) : null
    if (!bytes || !type) {
      if (path === '/')
        throw fault('missing', 'The page is not there.', `Nothing was built in ${root}.`, 'Run "npm run build", then load it again.')
      throw fault('missing', 'There is nothing here.', `The studio has no page called "${path}".`, 'Go back to the start.')
    }
    // Only files with a hash in their name stay the same for good.
    const cache = path.startsWith('/assets/') ? FOREVER : 'no-store'
    return new Response(bytes, { headers: { 'content-type': type, 'cache-control': cache } })
  }

  const blob = (project: string, id: string, query: URLSearchParams, accepts: string): Response => {
    const names = { project: ProjectId.safeParse(project), id: BlobId.safeParse(id) }
    const stored = names.project.success && names.id.success ? studio.blob(names.project.data, names.id.data) : null
    if (!stored)
      throw fault('missing', 'These pixels are not there.', 'Their project is not open here, or never held them.', 'Open the project.')
    const type = query.get('type') ?? ''
    const out = new Headers({
      'content-type': BLOB_TYPES.has(type) ? type : 'application/octet-stream',
      'cache-control': FOREVER,
      'content-security-policy': "default-src 'none'; sandbox",
      vary: 'accept-encoding',
    })
    const name = query.get('download')
    if (name !== null) out.set('content-disposition', attachment(name))
    if (!acceptsZstd(accepts)) return new Response(new Uint8Array(zstdDecompressSync(stored.zstd)), { headers: out })
    out.set('content-encoding', 'zstd')
    return new Response(new Uint8Array(stored.zstd), { headers: out })
  }

  const upload = async (request: Request, query: URLSearchParams): Promise<Response> => {
    const named = query.get('project')
    const project = named === null ? null : ProjectId.safeParse(named)
    if (project?.success === false)
      throw fault('invalid', 'The file was not taken in.', 'The project it is for has no valid name.', 'Open the project, then try again.')
    const tooLarge = () =>
      respond(
        413,
        fault(
          'refused',
          'The file is too large.',
          `It has more than ${Math.round(uploadLimit / 1e6)} MB.`,
          'Choose a smaller file, or open it by its path.',
        ).fault,
      )
    if (Number(request.headers.get('content-length') ?? 0) > uploadLimit) return tooLarge()
    try {
      const taken = await studio.upload(request.body ?? nothing(), { project: project?.data ?? null, limit: uploadLimit })
      return respond(200, taken)
    } catch (thrown) {
      if (toFault(thrown).kind === 'refused') return tooLarge()
      throw thrown
    }
  }

  const route = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === UPLOAD_PATH) {
      if (request.method !== 'POST') return respond(405, wrongMethod(request.method))
      return upload(request, searchParams)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return respond(405, wrongMethod(request.method))
    const named = /^\/blob\/([^/]+)\/([^/]+)$/.exec(pathname)
    if (named?.[1] && named[2]) return blob(named[1], named[2], searchParams, request.headers.get('accept-encoding') ?? '')
    return page(decode(pathname))
  }

  return async (request) => {
    const response = await route(request).catch((thrown: unknown) => {
      const told = toFault(thrown)
      return respond(STATUS[told.kind], told)
    })
    for (const [name, value] of Object.entries(headers)) if (!response.headers.has(name)) response.headers.set(name, value)
    return response
  }
}

/** The built page of a program folder, for messages and for checks before serving. */
export const pageIndex = (folder: string): string => join(folder, 'index.html')

async function* nothing(): AsyncGenerator<Uint8Array> {}

function respond(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}

const wrongMethod = (method: string) =>
  fault('invalid', 'The request was refused.', `${method} means nothing here.`, 'Use the page that the studio serves.').fault

/** Paths that are no valid encoding name nothing. */
function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return '/\0'
  }
}

/** Does an `accept-encoding` header take zstd, at a weight above nought? */
export const acceptsZstd = (header: string): boolean =>
  header.split(',').some((part) => {
    const [coding, ...parameters] = part.split(';').map((word) => word.trim().toLowerCase())
    return coding === 'zstd' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })

/** A `content-disposition` that offers a download: an ASCII name for the old, the real one for the rest, neither a path. */
export function attachment(name: string): string {
  const plain =
    [...name]
      .map((letter) => (letter < ' ' || letter === '/' || letter === '\\' ? '_' : letter))
      .join('')
      .slice(0, 200) || 'picture'
  const ascii = plain.replace(/[^ -~]|["%]/g, '_')
  const encoded = encodeURIComponent(plain.toWellFormed()).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
