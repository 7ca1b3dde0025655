import { FaultError, fault } from '../../../preload/contract/fault.ts'
import { Refusal } from '../../algorithms/define.ts'

/** What tuning refuses, as a fault; anything else as it is. */
export function inWords(thrown: unknown): unknown {
  if (thrown instanceof Refusal)
    return new FaultError({ kind: 'invalid', what: thrown.what, why: thrown.why, todo: thrown.todo }, { cause: thrown })
  if (thrown instanceof RangeError)
    return fault('invalid', 'There is nothing to find so.', thrown.message, 'Choose other settings.', { cause: thrown })
  return thrown
}
