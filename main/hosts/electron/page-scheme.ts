import type { Protocol } from 'electron'
import type { StudioHandle } from '../../studio/handle.ts'
import { createSite } from '../site.ts'

const SCHEME = 'palimpsest'
const HOST = 'app'
/** Where the page lives: the same paths for blobs and uploads as in a browser. */
export const PAGE_ADDRESS = `${SCHEME}://${HOST}/`

/** A file dropped on the window is read by its path; what comes as an upload was pasted, and is smaller. */
const UPLOAD_LIMIT = 1_000_000_000

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "font-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
}

/** Must happen before the application is ready: a scheme that behaves like https, with an origin of its own. */
export function declareScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
  ])
}

export function servePage(protocol: Protocol, studio: StudioHandle, pageFolder: string): void {
  const site = createSite({ studio, pageFolder, headers: HEADERS, uploadLimit: UPLOAD_LIMIT })
  protocol.handle(SCHEME, (request) => (new URL(request.url).host === HOST ? site(request) : new Response(null, { status: 404 })))
}
