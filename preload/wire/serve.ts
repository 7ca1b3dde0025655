import { z } from 'zod'
import { type Contract, DISCONNECTED, type Service } from '../contract/call.ts'
import { fault, toFault } from '../contract/fault.ts'
import { type Reply, Request, type Wire } from './message.ts'

/** Calls one wire may have open at a time; a client of ours needs a dozen. */
const OPEN_LIMIT = 256

/**
 * Answers the calls of a contract that arrive on a wire, until it closes.
 * Input is parsed here, always; whatever arrives is answered or ignored, never thrown.
 */
export function serve<C extends Contract>(contract: C, service: Service<C>, wire: Wire): void {
  const open = new Map<number, AbortController>()
  const reply = (message: Reply) => {
    try {
      wire.send(message)
    } catch (thrown) {
      // The other side is gone, and `closed` follows; or the value cannot be cloned, and the caller must hear of it.
      if (message.type !== 'fault') reply({ type: 'fault', id: message.id, fault: toFault(thrown) })
    }
  }

  const answer = async (id: number, name: string, input: unknown, signal: AbortSignal) => {
    const call = Object.hasOwn(contract, name) ? contract[name] : undefined
    if (!call)
      throw fault(
        'invalid',
        'The studio does not know this request.',
        `There is no call named "${name}".`,
        'Update the program that sent it.',
      )
    const parsed = call.input.safeParse(input)
    if (!parsed.success)
      throw fault('invalid', 'The request cannot be read.', z.prettifyError(parsed.error), 'Correct it and send it again.')
    const method = service[name] as (input: unknown, signal: AbortSignal) => unknown
    if (call.kind === 'ask') return await method.call(service, parsed.data, signal)
    const values = method.call(service, parsed.data, signal) as AsyncGenerator<unknown, unknown, void>
    for (;;) {
      const next = await values.next()
      if (next.done) return next.value
      if (signal.aborted && signal.reason === DISCONNECTED) continue
      reply({ type: 'value', id, value: next.value })
    }
  }

  wire.receive((message) => {
    const parsed = Request.safeParse(message)
    if (!parsed.success) {
      const id = z.object({ id: z.int().nonnegative() }).safeParse(message)
      if (id.success)
        reply({
          type: 'fault',
          id: id.data.id,
          fault: fault('invalid', 'The message cannot be read.', 'It is neither a call nor a cancel.', 'Update the program that sent it.')
            .fault,
        })
      return
    }
    const request = parsed.data
    if (request.type === 'cancel') {
      open.get(request.id)?.abort()
      return
    }
    const { id } = request
    if (open.has(id))
      return reply({
        type: 'fault',
        id,
        fault: fault(
          'invalid',
          'The request was refused.',
          `Number ${id} is in use by another call.`,
          'Give every call a number of its own.',
        ).fault,
      })
    if (open.size >= OPEN_LIMIT)
      return reply({
        type: 'fault',
        id,
        fault: fault('busy', 'Too many requests at once.', `${OPEN_LIMIT} are open already.`, 'Wait for some of them to end.').fault,
      })
    const controller = new AbortController()
    open.set(id, controller)
    answer(id, request.name, request.input, controller.signal)
      .then(
        (value) => reply({ type: 'return', id, value }),
        (thrown: unknown) => reply({ type: 'fault', id, fault: toFault(thrown) }),
      )
      .finally(() => open.delete(id))
  })
  wire.closed(() => {
    for (const controller of open.values()) controller.abort(DISCONNECTED)
  })
}
