import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { type FaultError, fault } from '../../../preload/contract/fault.ts'
import { expectSafe, type Hub } from './hub.ts'

/** A failure that may pass by itself: the line, the load of a server. */
export class Passing extends Error {}

const REDIRECTS = 5

/**
 * Asks a hub once, following it elsewhere; the token goes to the hub alone.
 * @returns an answer that is 2xx or 416. @throws Passing, FaultError `missing`, `refused`, `engine`; the signal's reason.
 */
export async function fetchOnce(
  hub: Hub,
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = new URL(address)
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const isHub = url.origin === new URL(hub.address).origin
    const answer = await fetch(url, {
      // Lengths and ranges count the bytes of the file, not of a compressed one.
      headers: { ...headers, 'accept-encoding': 'identity', ...(hub.token && isHub ? { authorization: `Bearer ${hub.token}` } : {}) },
      redirect: 'manual',
      signal,
    }).catch((thrown: unknown) => {
      signal.throwIfAborted()
      throw new Passing(causeOf(thrown), { cause: thrown })
    })
    const { status } = answer
    if (answer.ok || status === 416) return answer
    await answer.body?.cancel()
    const elsewhere = status >= 300 && status < 400 ? answer.headers.get('location') : null
    if (elsewhere !== null) url = new URL(expectSafe(new URL(elsewhere, url).href))
    else if (status === 429 || status === 408 || status >= 500) throw new Passing(`${url.host} answers ${status}.`)
    else throw refusalOf(status, answer.headers.get('x-error-code'), hub, url)
  }
  throw fault('engine', 'The hub was not understood.', `${address} leads from one address to another without end.`, 'Try again later.')
}

/** @param code what the hub calls it, where it does. */
function refusalOf(status: number, code: string | null, hub: Hub, url: URL): FaultError {
  const { host, pathname } = url
  // Whoever may not see a repository is not told whether there is one.
  if (code === 'RepoNotFound' && status !== 404)
    return fault(
      'missing',
      `${host} does not have that.`,
      'No repository is called so, or it is private.',
      'Check the name; for a private one set HF_TOKEN.',
    )
  if (status === 401 || status === 403)
    return fault(
      'refused',
      `${host} does not give that away.`,
      hub.token
        ? 'Your token does not open it, or its terms were not agreed to.'
        : 'It is private, or its owner asks you to agree to terms first.',
      'Agree on the page of the model, and set HF_TOKEN to a token of yours.',
    )
  if (status === 404)
    return fault('missing', `${host} does not have that.`, `It has nothing at ${pathname}.`, 'Check the name and the revision.')
  return fault('engine', 'The hub was not understood.', `${host} answers ${status} for ${pathname}.`, 'Try again later.')
}

/** What the system says of a broken connection lies a layer deeper than what `fetch` says. */
export function causeOf(thrown: unknown): string {
  const { message, cause } = thrown as Error
  return cause instanceof Error && cause.message ? cause.message : message
}

/**
 * Tries until it works or the hub's patience is spent. `again` begins the count anew: there was progress.
 * @throws FaultError `engine`; whatever else the work throws.
 */
export async function persist<T>(hub: Hub, work: (again: () => void) => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work(() => {
        tries = 0
      })
    } catch (thrown) {
      if (!(thrown instanceof Passing)) throw thrown
      const wait = hub.patience.pauses[tries]
      if (wait === undefined)
        throw fault(
          'engine',
          'The hub cannot be reached.',
          thrown.message.replace(/\.?$/, '.'),
          'Look at the connection, and try again: what was fetched is kept.',
          { cause: thrown },
        )
      await pause(wait, undefined, { signal })
    }
  }
}

/** A signal that aborts with the other, or when nothing was heard for the hub's patience. */
export function listening(hub: Hub, signal: AbortSignal): { readonly signal: AbortSignal; heard(): void } & Disposable {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new Passing('Nothing more came.')), hub.patience.silence)
  return {
    signal: AbortSignal.any([signal, silence.signal]),
    heard: () => timer.refresh(),
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}

/** The JSON at an address of a hub. @throws FaultError `engine` where it is none, or not of that shape; `missing`, `refused`. */
export async function fetchJson<T>(hub: Hub, path: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  return await persist(
    hub,
    async () => {
      using line = listening(hub, signal)
      const answer = await fetchOnce(hub, `${hub.address}${path}`, { accept: 'application/json' }, line.signal)
      const text = await answer.text().catch((thrown: unknown) => {
        line.signal.throwIfAborted()
        throw new Passing(causeOf(thrown), { cause: thrown })
      })
      try {
        return shape.parse(JSON.parse(text))
      } catch (thrown) {
        const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : `${hub.address}${path} does not answer in JSON.`
        throw fault('engine', 'The hub was not understood.', why, 'Check the address of the hub.', { cause: thrown })
      }
    },
    signal,
  )
}
