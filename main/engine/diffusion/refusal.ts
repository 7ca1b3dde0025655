import { FaultError, fault } from '../../../preload/contract/fault.ts'
import { Refusal } from '../../algorithms/define.ts'

/** Why a method will not do what it was asked, as a fault; anything else as it is. */
export function refusalOf(thrown: unknown): unknown {
  if (thrown instanceof Refusal)
    return new FaultError({ kind: 'invalid', what: thrown.what, why: thrown.why, todo: thrown.todo }, { cause: thrown })
  // Schedules and solvers say so where numbers or each other do not fit.
  if (thrown instanceof RangeError)
    return fault('invalid', 'The generation cannot run so.', thrown.message, 'Choose another number of steps, schedule or solver.', {
      cause: thrown,
    })
  return thrown
}
