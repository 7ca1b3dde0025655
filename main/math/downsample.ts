import { type Tensor, tensor } from './tensor.ts'

/** A picture [channel, row, column] made smaller by a whole factor until no side is longer than `side`, by averaging; for previews. */
export function downsample(picture: Tensor, side: number): Tensor {
  const [channels, rows, columns] = picture.shape
  const factor = Math.ceil(Math.max(rows, columns) / side)
  if (factor <= 1) return tensor(picture.shape, picture.data.slice())
  const outRows = Math.ceil(rows / factor)
  const outColumns = Math.ceil(columns / factor)
  const out = tensor([channels, outRows, outColumns])
  const { data: source } = picture
  const { data: target } = out
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < outRows; i++) {
      const bottom = Math.min(rows, (i + 1) * factor)
      for (let j = 0; j < outColumns; j++) {
        const right = Math.min(columns, (j + 1) * factor)
        let sum = 0
        for (let y = i * factor; y < bottom; y++) {
          const line = (c * rows + y) * columns
          for (let at = line + j * factor; at < line + right; at++) sum += source[at]
        }
        target[(c * outRows + i) * outColumns + j] = sum / ((bottom - i * factor) * (right - j * factor))
      }
    }
  return out
}
