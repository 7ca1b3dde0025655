import { FaultError, fault } from '../../../preload/contract/fault.ts'
import { Refusal } from '../../algorithms/define.ts'

/** What is said around the sentence of a RangeError. */
interface Wording {
  readonly what: string
  readonly todo: string
}

const GENERATION: Wording = { what: 'The generation cannot run so.', todo: 'Choose another number of steps, schedule or solver.' }

/** Why a method will not do what it was asked, as a fault; anything else as it is. */
export function refusalOf(thrown: unknown, { what, todo }: Wording = GENERATION): unknown {
  if (thrown instanceof Refusal)
    return new FaultError({ kind: 'invalid', what: thrown.what, why: thrown.why, todo: thrown.todo }, { cause: thrown })
  // Methods say so where numbers or each other do not fit.
  if (thrown instanceof RangeError) return fault('invalid', what, thrown.message, todo, { cause: thrown })
  return thrown
}
