import type { Shape } from './tensor.ts'

export type Floats = Float32Array | Float64Array

/** Planes [channel, row, column], values 0..1, row 0 on top; a `Tensor` is one. */
export interface Picture {
  readonly shape: Shape
  readonly data: Floats
}

/** Weights of red, green and blue in the luma of ITU-R BT.601. */
export const LUMA = [0.299, 0.587, 0.114] as const

/** Luma of a picture of three channels as one plane; one channel is its own luma. @throws RangeError for any other number. */
export function lumaOf(picture: Picture): Float64Array {
  const [channels, rows, columns] = picture.shape
  const size = rows * columns
  const { data } = picture
  if (channels === 1) return Float64Array.from(data)
  if (channels !== 3) throw new RangeError(`Luma needs one or three channels, not ${channels}.`)
  const luma = new Float64Array(size)
  for (let i = 0; i < size; i++) luma[i] = LUMA[0] * data[i] + LUMA[1] * data[i + size] + LUMA[2] * data[i + 2 * size]
  return luma
}

/** @throws RangeError where two pictures do not have the same shape. */
export function checkSameShape(a: Picture, b: Picture): void {
  if (a.shape.length !== b.shape.length || a.shape.some((length, i) => length !== b.shape[i]))
    throw new RangeError(`Pictures of [${a.shape.join(', ')}] and [${b.shape.join(', ')}] cannot be compared.`)
}
