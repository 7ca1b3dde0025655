import { type FaultError, fault } from '../../preload/contract/fault.ts'

const WHY = 'You stopped it.'

/** A command that somebody stopped, and what is left of it. */
export const stopped = (todo: string): FaultError => fault('cancelled', 'Cancelled.', WHY, todo)

/** Does it say itself that it was stopped? */
export const saysStopped = ({ kind, why }: { readonly kind: string; readonly why: string }): boolean => kind === 'cancelled' && why === WHY
