import { z } from 'zod'
import { Fault } from '../contract/fault.ts'

const id = z.int().nonnegative()

/** What a caller may send. `value`s of inputs are parsed later, by the schema of the call. */
export const Request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id, name: z.string().max(100), input: z.unknown() }),
  z.object({ type: z.literal('cancel'), id }),
])
export type Request = z.infer<typeof Request>

/** What a callee answers: any number of `value`s, then one `return` or one `fault`. */
export const Reply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('value'), id, value: z.unknown() }),
  z.object({ type: z.literal('return'), id, value: z.unknown() }),
  z.object({ type: z.literal('fault'), id, fault: Fault }),
])
export type Reply = z.infer<typeof Reply>

/** A two-way channel of plain, structured-cloneable messages that keeps their order. A host provides one. */
export interface Wire {
  send(message: Request | Reply): void
  /** Called with every message that arrives, whatever it is. One listener. */
  receive(listener: (message: unknown) => void): void
  /** Called once when nothing more can arrive. One listener. */
  closed(listener: () => void): void
  close(): void
}
