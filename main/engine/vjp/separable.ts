import type { Emitter } from './emitter.ts'

/**
 * The transpose of a linear operator that treats each axis by itself, whatever it does there: what it makes of the identity
 * matrix along an axis is its matrix, and the gradient is multiplied by it. Costs a matrix product per axis.
 */
export interface Separable {
  /** Axes that the operator changes, and the rank. */
  readonly axes: readonly number[]
  readonly rank: number
  /** Its matrix along an axis, [result, operand], from the identity [operand, operand]. */
  matrix(axis: number, identity: string): string
}

/** @param x the operand. @param g the gradient of the result. */
export function transposed(b: Emitter, x: string, g: string, { axes, rank, matrix }: Separable): string {
  let gradient = g
  for (const axis of axes) {
    const size = b.side(x, axis)
    const identity = b.emit('EyeLike', [b.filled(b.vector(size, size))], { dtype: 1 })
    gradient = along(b, gradient, matrix(axis, identity), axis, rank)
  }
  return gradient
}

/** Multiplies [… result …] by a matrix [result, operand] along one axis. */
function along(b: Emitter, g: string, matrix: string, axis: number, rank: number): string {
  if (axis === rank - 1) return b.emit('MatMul', [g, matrix])
  if (axis === rank - 2) return b.emit('MatMul', [b.transpose(matrix, [1, 0]), g])
  const perm = Array.from({ length: rank }, (_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i))
  return b.transpose(b.emit('MatMul', [b.transpose(g, perm), matrix]), perm)
}
