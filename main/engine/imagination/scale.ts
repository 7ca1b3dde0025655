import { type ResizeFilter, resize, resizeRows, type SparseRows } from '../../math/resample.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import { breathe } from '../breathe.ts'

const FILTER: ResizeFilter = 'bicubic'
/** Rows made at a time: few enough that waiting messages are answered in between. */
const BAND = 64

/** A picture [channel, row, column] at another size, by cubics; values may reach a little past their ends. */
export function scaled(picture: Tensor, width: number, height: number): Tensor {
  const [, rows = 0, columns = 0] = picture.shape
  return rows === height && columns === width
    ? picture
    : resized(picture, resizeRows(rows, height, FILTER), resizeRows(columns, width, FILTER))
}

/** Some rows of a picture that was scaled: [channel, row, column], the first of them row `from`. */
export interface Band {
  readonly from: number
  readonly rows: Tensor
}

/** A picture at another size, a few rows at a time, so that even a very large one takes little memory. */
export async function* bandsOf(picture: Tensor, width: number, height: number, signal: AbortSignal): AsyncGenerator<Band, void, void> {
  const [channels = 0, rows = 0, columns = 0] = picture.shape
  const isSame = rows === height && columns === width
  const [down, across] = [resizeRows(rows, height, FILTER), resizeRows(columns, width, FILTER)]
  for (let from = 0; from < height; from += BAND) {
    const to = Math.min(height, from + BAND)
    yield { from, rows: isSame ? rowsOf(from, to) : resized(picture, part(down, from, to), across) }
    await breathe(signal)
  }

  function rowsOf(from: number, to: number): Tensor {
    const data = new Float32Array(channels * (to - from) * columns)
    for (let c = 0; c < channels; c++)
      data.set(picture.data.subarray((c * rows + from) * columns, (c * rows + to) * columns), c * (to - from) * columns)
    return tensor([channels, to - from, columns], data)
  }
}

const part = ({ length, starts, weights }: SparseRows, from: number, to: number): SparseRows => ({
  length,
  starts: starts.slice(from, to),
  weights: weights.slice(from, to),
})

function resized({ shape, data }: Tensor, down: SparseRows, across: SparseRows): Tensor {
  const [channels = 0, rows = 0, columns = 0] = shape
  const out = resize(data, { channels, rows, columns }, down, across)
  return tensor([channels, down.weights.length, across.weights.length], Float32Array.from(out))
}
