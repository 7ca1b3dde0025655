import type { Client } from '../../preload/contract/call.ts'
import { Fault, FaultError, fault } from '../../preload/contract/fault.ts'
import type { BlobId, ProjectId } from '../../preload/contract/ids.ts'
import { blobPath, type Studio, studio, UPLOAD_PATH, Upload } from '../../preload/contract/studio.ts'
import { connect } from '../../preload/wire/connect.ts'
import { desktop, openWire } from './bridge.ts'

export type Connection = 'connecting' | 'open' | 'lost'

/** The studio as the page holds it. It reconnects by itself. */
export interface StudioClient {
  /** The calls of the contract, once there is a connection; after a loss, once there is one again. */
  ready(): Promise<Client<Studio>>
  /** Tells the connection now, then every change of it. */
  observe(listener: (connection: Connection) => void): void
}

/** Milliseconds between tries: the first at once, then ever more patient. */
const PATIENCE = [0, 250, 500, 1000, 2000, 4000] as const

/** Connects, and keeps connecting, to the studio this page was served by. */
export function connectStudio(): StudioClient {
  let connection: Connection = 'connecting'
  let current = Promise.withResolvers<Client<Studio>>()
  const listeners: ((connection: Connection) => void)[] = []
  const change = (next: Connection) => {
    connection = next
    for (const listener of listeners) listener(next)
  }

  const attempt = async (tries: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE[Math.min(tries, PATIENCE.length - 1)]))
    try {
      const wire = await openWire()
      // `connect` takes the wire's only close listener, so ours stands in front of it.
      const client = connect(studio, {
        ...wire,
        closed: (tellCalls) =>
          wire.closed(() => {
            current = Promise.withResolvers()
            tellCalls()
            change('lost')
            void attempt(0)
          }),
      })
      current.resolve(client)
      change('open')
    } catch {
      if (connection === 'connecting' && tries > 1) change('lost')
      void attempt(tries + 1)
    }
  }
  void attempt(0)

  return {
    ready: () => current.promise,
    observe(listener) {
      listeners.push(listener)
      listener(connection)
    },
  }
}

/** Where a blob of an open project can be fetched. `type` sets the content type the host answers with; `download` offers it as a file of that name. */
export function blobUrl(project: ProjectId, blob: BlobId, options: { readonly type?: string; readonly download?: string } = {}): string {
  const query = new URLSearchParams(options).toString()
  return blobPath(project, blob) + (query && `?${query}`)
}

/**
 * Hands a file to the studio; with a project its bytes also become a blob of it.
 * @throws FaultError when the host refuses it (too large, disk full, project closed).
 */
export async function upload(file: Blob, project?: ProjectId): Promise<Upload> {
  const response = await fetch(UPLOAD_PATH + (project ? `?project=${project}` : ''), { method: 'POST', body: file }).catch(() => null)
  if (!response)
    throw fault(
      'engine',
      'The file could not be handed over.',
      'The studio does not answer.',
      'It is started again by itself; then try once more.',
    )
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return Upload.parse(answer)
  const refusal = Fault.safeParse(answer)
  if (refusal.success) throw new FaultError(refusal.data)
  throw fault(
    'refused',
    'The file could not be handed over.',
    `The studio answered ${response.status}.`,
    'Try a smaller file, or another one.',
  )
}

/** Where the file lies on this machine's disk, where the host can tell. */
export const pathOf = (file: File): string | null => desktop()?.pathForFile(file) || null
