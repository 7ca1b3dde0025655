import { locallyRegularized, stepPenalty } from '../../../main/algorithms/learning/locally-regularized.ts'
import { tsitouras } from '../../../main/math/tsitouras.ts'
import { denseField } from '../../kit/dense-field.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { relativeDifferences } from '../relative.ts'
import { flat } from './diffusion-world.ts'

/** A step of a small network's flow, what it is thought to cost, and the slope of that in the network's weights. */
export const locallyRegularizedAdapter: FileAdapter = {
  name: 'locally-regularized',
  async check({ network, tsit5, expected, tolerance }) {
    const { nodes, rows, errors } = tsitouras
    const notes = differences({ c: nodes.slice(1), a: rows, btilde: errors }, tsit5, () => 1e-15, 'tsit5')
    const field = denseField(network)
    for (const [i, { t, dt, dt_given, atol, rtol, gradient_tolerance, u, ...wanted }] of (expected.cases as Inputs[]).entries()) {
      const of = (kind: 'error' | 'stiffness') =>
        stepPenalty(
          field,
          { u: flat(u), t, end: Number.POSITIVE_INFINITY, ...(dt_given ? { dt } : {}) },
          locallyRegularized.params.parse({ kind, absolute: atol, relative: rtol }),
        )
      const [byError, byStiffness] = [of('error'), of('stiffness')]
      const values = {
        dt: byError.dt,
        u_next: byError.next,
        error_norm: byError.error,
        reg_error: byError.value,
        reg_stiffness: byStiffness.value,
      }
      const slopes = {
        grad_reg_error_b1: field.part(byError.gradient, 'b1'),
        grad_reg_error_W2: field.part(byError.gradient, 'W2'),
        grad_reg_stiffness_b1: field.part(byStiffness.gradient, 'b1'),
      }
      const { u_next, error_norm, reg_error, reg_stiffness, ...gradients } = wanted
      // The error is what is left of a cancellation of numbers near 1; its slope is compared by its own greatest magnitude.
      notes.push(...relativeDifferences(values, { dt, u_next, error_norm, reg_error, reg_stiffness }, tolerance.float64, `case ${i}`, 1))
      notes.push(...relativeDifferences(slopes, gradients, Math.max(gradient_tolerance ?? 0, tolerance.gradients), `case ${i}`))
    }
    return notes
  },
}
