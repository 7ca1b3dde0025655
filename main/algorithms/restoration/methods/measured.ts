import { expectFinite } from '../../../math/mix.ts'
import { sizeOf } from '../../../math/tensor.ts'
import type { Damage, Measurement } from '../../measurement.ts'

/** @throws RangeError where what was measured does not fit its operator, or holds what is no number. */
export function expectDamage({ operator, y, deviation, start }: Damage): void {
  if (y.length !== sizeOf(operator.outShape))
    throw new RangeError(`The measurement has ${y.length} values; the operator gives ${sizeOf(operator.outShape)}.`)
  if (start && start.length !== sizeOf(operator.inShape))
    throw new RangeError(`The start has ${start.length} values; the operator takes ${sizeOf(operator.inShape)}.`)
  if (!(deviation >= 0)) throw new RangeError(`The noise has the deviation ${deviation}; it must not be below 0.`)
  expectFinite(y, 'The measurement')
}

/** The same for one that is handed a diffusion model. */
export function expectMeasured(measured: Measurement): void {
  expectDamage(measured)
  if (measured.legs.length === 0) throw new RangeError('A reconstruction needs one step at least.')
}
