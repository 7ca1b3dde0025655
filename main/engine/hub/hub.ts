import { fault } from '../../../preload/contract/fault.ts'

/** A place that models are fetched from, which speaks Hugging Face's interface. */
export interface Hub {
  /** Without a slash at its end. */
  readonly address: string
  /** Said to nobody but this hub. */
  readonly token: string | null
  readonly patience: Patience
}

/** The hub of this machine, as its environment names it. */
export interface HubSettings {
  readonly endpoint: string | undefined
  readonly token: string | undefined
  readonly patience?: Patience
}

/** How long one waits for a hub, in milliseconds. */
export interface Patience {
  /** Before each further try; after the last the hub is given up. */
  readonly pauses: readonly number[]
  /** For the next bytes, before the connection counts as broken. */
  readonly silence: number
}

const PUBLIC = 'https://huggingface.co'
const PATIENCE: Patience = { pauses: [1000, 3000, 10_000, 30_000], silence: 60_000 }
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * The hub that was asked for, or that of this machine, or the public one. A token is for the hub of this machine alone.
 * @throws FaultError `invalid`
 */
export function hubOf(asked: string | undefined, { endpoint, token, patience = PATIENCE }: HubSettings): Hub {
  const own = expectSafe(endpoint || PUBLIC)
  const address = asked === undefined ? own : expectSafe(asked)
  return { address, token: (address === own && token) || null, patience }
}

/** Nothing is fetched unencrypted, but from this very machine. @throws FaultError `invalid` */
export function expectSafe(address: string): string {
  const url = URL.parse(address)
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)))) return url.href.replace(/\/+$/, '')
  throw fault('invalid', 'That hub cannot be used.', `"${address}" is no encrypted address.`, 'Give an address that begins with https://.')
}

/** Why a repository does not open for everybody. */
export const GATED = 'Its owner asks you to agree to terms first. Agree on its page, and set HF_TOKEN to a token of yours.'

const REPOSITORY = /^(?!.*(\.\.|--))[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/

/**
 * A repository as a person names it: `owner/name`, or the address of its page, which may tell a revision.
 * @throws FaultError `invalid`
 */
export function repositoryNamed(hub: Hub, text: string): { readonly name: string; readonly revision: string | null } {
  const given = text.trim()
  const page = given.startsWith(`${hub.address}/`) ? given.slice(hub.address.length + 1) : null
  const [, name = given, revision] = /^([^/?#]+\/[^/?#]+)(?:\/tree\/([^?#]+?))?\/?(?:[?#].*)?$/.exec(page ?? '') ?? []
  if (REPOSITORY.test(name)) return { name, revision: revision?.replaceAll('%2F', '/') ?? null }
  throw fault(
    'invalid',
    'That is no name of a repository.',
    `"${text}" is not like owner/name.`,
    'Copy the name from the page of the model.',
  )
}
