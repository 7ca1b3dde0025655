/** Axis lengths, first to last: batch, channel, row, column. */
export type Shape = readonly number[]

/** A dense, row-major array of float32. */
export interface Tensor {
  readonly shape: Shape
  readonly data: Float32Array
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1
  for (const length of shape) size *= length
  return size
}

/** A tensor over `data`, or of zeros. @throws RangeError when the shape and the data disagree. */
export function tensor(shape: Shape, data: Float32Array = new Float32Array(sizeOf(shape))): Tensor {
  if (data.length !== sizeOf(shape)) throw new RangeError(`${data.length} values do not fill the shape [${shape.join(', ')}]`)
  return { shape, data }
}
