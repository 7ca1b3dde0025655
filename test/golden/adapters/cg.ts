import { conjugateGradients } from '../../../main/math/conjugate-gradient.ts'
import { applyMatrix, fromRows, type Matrix } from '../../../main/math/matrix.ts'
import { mix } from '../../../main/math/mix.ts'
import { type Adapter, assume } from '../adapter.ts'
import { flat } from './diffusion-world.ts'

/** A Hermitian matrix as a real one over real and imaginary parts. */
const hermitian = (re: Matrix, im: Matrix) => (x: Float64Array) => {
  const [a, b] = [x.subarray(0, re.rows), x.subarray(re.rows)]
  const out = new Float64Array(2 * re.rows)
  out.set(mix([1, applyMatrix(re, a)], [-1, applyMatrix(im, b)]))
  out.set(mix([1, applyMatrix(re, b)], [1, applyMatrix(im, a)]), re.rows)
  return out
}

/** Conjugate gradients, iterate by iterate. */
export const cgAdapter: Adapter = {
  name: 'cg',
  recognises: ({ cases }) => Boolean(cases?.[0]?.expected?.residual_norm_per_iter),
  compute({ settings = {}, inputs = {} }) {
    const { A, b, x0 } = inputs
    const isComplex = Array.isArray(A[0][0])
    assume(settings, { n: isComplex ? A[0].length : A.length, complex_as: '[re,im]' })
    if (isComplex !== (settings.kind === 'hermitian')) throw new RangeError(`A system of the kind ${settings.kind} has other numbers.`)
    const apply = isComplex ? hermitian(fromRows(A[0]), fromRows(A[1])) : (x: Float64Array) => applyMatrix(fromRows(A), x)
    const iterates = [...conjugateGradients(apply, flat(b), flat(x0), { iterations: settings.max_iter, tolerance: settings.eps })]
    return {
      iterations: iterates.length,
      x_per_iter: iterates.map(({ value }) => value),
      residual_norm_per_iter: iterates.map(({ residual }) => residual),
    }
  },
}
