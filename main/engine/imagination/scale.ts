import { resize, resizeRows } from '../../math/resample.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'

/** A picture [channel, row, column] at another size, by cubics; values may reach a little past their ends. */
export function scaled(picture: Tensor, width: number, height: number): Tensor {
  const [channels = 0, rows = 0, columns = 0] = picture.shape
  if (rows === height && columns === width) return picture
  const [down, across] = [resizeRows(rows, height, 'bicubic'), resizeRows(columns, width, 'bicubic')]
  return tensor([channels, height, width], Float32Array.from(resize(picture.data, { channels, rows, columns }, down, across)))
}
