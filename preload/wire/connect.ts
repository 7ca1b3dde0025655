import type { Client, Contract } from '../contract/call.ts'
import { FaultError, fault } from '../contract/fault.ts'
import { Reply, type Wire } from './message.ts'

type Listener = (reply: Reply) => void

/**
 * The caller's side of a contract. Aborting a signal, or leaving a `watch` loop, sends a cancel;
 * the call then ends when the callee says so, so that nothing is reported stopped before it has.
 */
export function connect<C extends Contract>(contract: C, wire: Wire): Client<C> {
  const open = new Map<number, Listener>()
  let nextId = 0
  let gone = false
  const lost = (id: number): Reply => ({
    type: 'fault',
    id,
    fault: fault(
      'engine',
      'The connection was lost.',
      'The other side closed or died.',
      'It is started again by itself; then try once more.',
    ).fault,
  })

  wire.receive((message) => {
    const reply = Reply.safeParse(message)
    if (reply.success) open.get(reply.data.id)?.(reply.data)
  })
  wire.closed(() => {
    gone = true
    for (const [id, listener] of open) listener(lost(id))
    open.clear()
  })

  async function* call(name: string, input: unknown, signal?: AbortSignal): AsyncGenerator<unknown, unknown, void> {
    signal?.throwIfAborted()
    const id = nextId++
    const queue: Reply[] = []
    let wake: (() => void) | undefined
    let ended = false
    open.set(id, (reply) => {
      queue.push(reply)
      wake?.()
    })
    const cancel = () => {
      if (!gone) wire.send({ type: 'cancel', id })
    }
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      if (gone) queue.push(lost(id))
      else wire.send({ type: 'call', id, name, input })
      for (;;) {
        const reply = queue.shift()
        if (!reply) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          continue
        }
        if (reply.type === 'value') {
          yield reply.value
          continue
        }
        ended = true
        if (reply.type === 'fault') throw new FaultError(reply.fault)
        return reply.value
      }
    } finally {
      signal?.removeEventListener('abort', cancel)
      open.delete(id)
      if (!ended) cancel()
    }
  }

  const client: Record<string, unknown> = {}
  for (const [name, { kind }] of Object.entries(contract)) {
    client[name] =
      kind === 'watch'
        ? (input: unknown, signal?: AbortSignal) => call(name, input, signal)
        : async (input: unknown, signal?: AbortSignal) => {
            const only = await call(name, input, signal).next()
            return only.value
          }
  }
  return client as Client<C>
}
