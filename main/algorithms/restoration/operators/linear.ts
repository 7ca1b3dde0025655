import { type Noise, normalsInto } from '../../../math/random.ts'
import { sizeOf } from '../../../math/tensor.ts'
import type { LinearOperator } from '../../roles.ts'

/** First `inner`, then `outer`. @throws RangeError where their sizes do not fit. */
export function compose(outer: LinearOperator, inner: LinearOperator): LinearOperator {
  if (sizeOf(inner.outShape) !== sizeOf(outer.inShape))
    throw new RangeError(`[${inner.outShape.join(', ')}] does not fit into [${outer.inShape.join(', ')}].`)
  return {
    inShape: inner.inShape,
    outShape: outer.outShape,
    apply: (x) => outer.apply(inner.apply(x)),
    adjoint: (y) => inner.adjoint(outer.adjoint(y)),
  }
}

/** All of them on the same picture, their results one after another: frames, coils. */
export function stack(operators: readonly LinearOperator[]): LinearOperator {
  const sizes = operators.map((operator) => sizeOf(operator.outShape))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  return {
    inShape: operators[0].inShape,
    outShape: [total],
    apply: (x) => {
      const y = new Float64Array(total)
      let at = 0
      for (const [i, operator] of operators.entries()) {
        y.set(operator.apply(x), at)
        at += sizes[i]
      }
      return y
    },
    adjoint: (y) => {
      const x = new Float64Array(sizeOf(operators[0].inShape))
      let at = 0
      for (const [i, operator] of operators.entries()) {
        const part = operator.adjoint(y.slice(at, at + sizes[i]))
        for (let k = 0; k < x.length; k++) x[k] += part[k]
        at += sizes[i]
      }
      return x
    },
  }
}

/** Σ a b; complex planes one after another give the real part of their inner product. */
export const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0)

/** |⟨A x, y⟩ - ⟨x, Aᵀ y⟩| / (|A x| |y|) for random normal x and y: rounding (1e-12) for a true pair. */
export function adjointGap(operator: LinearOperator, noise: Noise): number {
  const x = new Float64Array(sizeOf(operator.inShape))
  const y = new Float64Array(sizeOf(operator.outShape))
  normalsInto(x, noise)
  normalsInto(y, { ...noise, counter: noise.counter + x.length })
  const ax = operator.apply(x)
  const scale = Math.sqrt(dot(ax, ax) * dot(y, y))
  return scale === 0 ? 0 : Math.abs(dot(ax, y) - dot(x, operator.adjoint(y))) / scale
}

/** Largest singular value, by power iterations on AᵀA from a random start; 30 are good to about 1e-3. */
export function operatorNorm(operator: LinearOperator, noise: Noise, iterations = 30): number {
  let x = new Float64Array(sizeOf(operator.inShape))
  normalsInto(x, noise)
  let squared = 0
  for (let i = 0; i < iterations; i++) {
    const length = Math.sqrt(dot(x, x))
    if (length === 0) return 0
    x = operator.adjoint(operator.apply(x.map((value) => value / length))) as Float64Array<ArrayBuffer>
    squared = Math.sqrt(dot(x, x))
  }
  return Math.sqrt(squared)
}
