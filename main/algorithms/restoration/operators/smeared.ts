import { type Boundary, blur, blurAdjoint, correlate, correlateAdjoint, type Kernel } from '../../../math/convolution.ts'
import type { LinearOperator } from '../../roles.ts'
import { planesOf } from './shape.ts'

type Shape = readonly [channels: number, rows: number, columns: number]

/** Every point spread by the same taps along rows and along columns. */
export function softened(shape: Shape, taps: Float64Array, boundary: Boundary): LinearOperator {
  const planes = planesOf(shape)
  return {
    inShape: shape,
    outShape: shape,
    apply: (x) => blur(x, planes, taps, boundary),
    adjoint: (y) => blurAdjoint(y, planes, taps, boundary),
  }
}

/** Every point spread by the same table. */
export function smeared(shape: Shape, table: Kernel, boundary: Boundary): LinearOperator {
  const planes = planesOf(shape)
  return {
    inShape: shape,
    outShape: shape,
    apply: (x) => correlate(x, planes, table, boundary),
    adjoint: (y) => correlateAdjoint(y, planes, table, boundary),
  }
}
