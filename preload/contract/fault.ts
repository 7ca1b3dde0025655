import { z } from 'zod'

/** Every way a request can fail. The list is closed: a host maps each kind to an exit code or a status. */
export const FaultKind = z.enum([
  'invalid', // the request itself is wrong
  'missing', // what it names is not there
  'refused', // understood, and not allowed (locked layer, second window, bad token)
  'busy', // try again when something else has ended
  'damaged', // a file does not hold what it should
  'newer', // a file was written by a later version
  'full', // no space left
  'engine', // the engine process died or cannot run this
  'cancelled', // somebody stopped it
  'unsupported', // a format or a machine that cannot do this
  'internal', // a defect of ours
])
export type FaultKind = z.infer<typeof FaultKind>

/** An expected failure as it crosses a wire: three sentences, shown to the artist as they are. */
export const Fault = z.object({
  kind: FaultKind,
  /** What happened. */
  what: z.string(),
  /** Why it happened. */
  why: z.string(),
  /** What to do about it. */
  todo: z.string(),
})
export type Fault = z.infer<typeof Fault>

/** A fault on its way up a call stack. Everything that expects to fail throws this and nothing else. */
export class FaultError extends Error {
  readonly fault: Fault
  constructor(fault: Fault, options?: ErrorOptions) {
    super(`${fault.what} ${fault.why} ${fault.todo}`, options)
    this.name = 'FaultError'
    this.fault = fault
  }
}

/** Makes a throwable fault: `throw fault('missing', 'That layer is gone.', 'It was deleted.', 'Undo the deletion.')`. */
export function fault(kind: FaultKind, what: string, why: string, todo: string, options?: ErrorOptions): FaultError {
  return new FaultError({ kind, what, why, todo }, options)
}

/** Whatever was thrown, as a fault. Aborts become `cancelled`; anything unforeseen becomes `internal` with its message as the why. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof FaultError) return thrown.fault
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return { kind: 'cancelled', what: 'Cancelled.', why: 'Somebody stopped it.', todo: 'Run it again when you like.' }
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  return {
    kind: 'internal',
    what: 'Something went wrong inside the studio.',
    why,
    todo: 'Your work is saved. Try again; if it happens again, report it.',
  }
}
