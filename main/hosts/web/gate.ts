import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type Fault, fault } from '../../../preload/contract/fault.ts'

/** What the gate reads of a request. */
export interface Caller {
  readonly method: string
  readonly url: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly cookie: string | undefined
  /** A WebSocket wants to open: browsers send it cross-origin without asking, so its origin is checked as a POST's is. */
  readonly upgrade: boolean
}

export type Admission =
  | { readonly type: 'in' }
  /** The token was right: here is the cookie; go to the page. */
  | { readonly type: 'welcome'; readonly cookie: string }
  | { readonly type: 'refused'; readonly fault: Fault }

export interface Gate {
  /** In the address once; worth nothing after its first use. */
  readonly token: string
  admit(caller: Caller): Admission
}

/** Lets in whoever came by the printed address, in one browser, and nobody else: no other site, no other name for this machine. */
export function createGate(port: number): Gate {
  const token = randomBytes(24).toString('base64url')
  const session = randomBytes(32).toString('base64url')
  // Cookies know no ports: the name keeps two studios on one machine apart.
  const cookieName = `palimpsest-${port}`
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  let used = false

  const hasCookie = (header: string | undefined): boolean =>
    (header ?? '').split(';').some((pair) => {
      const [name, value] = pair.trim().split('=')
      return name === cookieName && value !== undefined && same(value, session)
    })

  return {
    token,
    admit({ method, url, host, origin, cookie, upgrade }) {
      // A name that an attacker's DNS points at 127.0.0.1 arrives with that name as its Host.
      if (host === undefined || !hosts.has(host)) return refused('It was addressed to a name that is not this studio’s.')
      if ((upgrade || (method !== 'GET' && method !== 'HEAD')) && origin !== `http://${host}`) return refused('It came from another site.')
      const known = hasCookie(cookie)
      const address = URL.parse(`http://${host}${url}`)
      const offered = address?.pathname === '/' && !upgrade ? address.searchParams.get('token') : null
      if (offered !== null && !known) {
        if (used || !same(offered, token)) return refused('The address was used before, or is not the one this studio printed.')
        used = true
      }
      if (offered !== null) return { type: 'welcome', cookie: `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/` }
      return known ? { type: 'in' } : refused('This browser did not come by the address this studio printed.')
    },
  }
}

const refused = (why: string): Admission => ({
  type: 'refused',
  fault: fault('refused', 'The studio did not let this in.', why, 'Start the studio again and open the address it prints.').fault,
})

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
