import { type ResizeFilter, resize, resizeRows, type SparseRows } from '../../math/resample.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import { paced } from '../breathe.ts'

const FILTER: ResizeFilter = 'bicubic'
/** Rows made at a time. */
const BAND = 16

/** A picture [channel, row, column] at another size, by cubics; values may reach a little past their ends. */
export function scaled(picture: Tensor, width: number, height: number): Tensor {
  const [channels = 0, rows = 0, columns = 0] = picture.shape
  if (rows === height && columns === width) return picture
  const out = resize(picture.data, { channels, rows, columns }, resizeRows(rows, height, FILTER), resizeRows(columns, width, FILTER))
  return tensor([channels, height, width], Float32Array.from(out))
}

/** Some rows of a picture that was scaled: [channel, row, column], the first of them row `from`. */
export interface Band {
  readonly from: number
  readonly rows: Tensor
}

/**
 * The rows [from, to) of a picture at another size, a few at a time, so that a very large one takes little memory. Each band is gone
 * once the next is asked for.
 */
export async function* bandsOf(
  picture: Tensor,
  { width, height }: { readonly width: number; readonly height: number },
  [from, to]: readonly [from: number, to: number],
  signal: AbortSignal,
): AsyncGenerator<Band, void, void> {
  const rest = paced(signal)
  const down = resizeRows(picture.shape[1] ?? 0, height, FILTER)
  const wide = await widened(picture, width, signal)
  const [channels = 0] = wide.shape
  const data = new Float32Array(channels * BAND * width)
  for (let start = from; start < to; start += BAND) {
    const count = Math.min(BAND, to - start)
    const band = data.subarray(0, channels * count * width)
    rowsInto(band, wide, down, start, count)
    yield { from: start, rows: tensor([channels, count, width], band) }
    await rest()
  }
}

/** A picture as wide as asked, its height as it was. */
async function widened(picture: Tensor, width: number, signal: AbortSignal): Promise<Tensor> {
  const rest = paced(signal)
  const [channels = 0, rows = 0, columns = 0] = picture.shape
  if (columns === width) return picture
  const { starts, weights } = resizeRows(columns, width, FILTER)
  const out = new Float32Array(channels * rows * width)
  for (let line = 0; line < channels * rows; line++) {
    for (let x = 0; x < width; x++) {
      const own = weights[x] as Float64Array
      const at = line * columns + (starts[x] as number)
      let sum = 0
      for (let k = 0; k < own.length; k++) sum += (own[k] as number) * (picture.data[at + k] as number)
      out[line * width + x] = sum
    }
    await rest()
  }
  return tensor([channels, rows, width], out)
}

/** Mixes rows of a picture into rows `start`, `start + 1`, … of one of another height. */
function rowsInto(band: Float32Array, { shape, data }: Tensor, { starts, weights }: SparseRows, start: number, count: number): void {
  const [channels = 0, rows = 0, width = 0] = shape
  band.fill(0)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < count; y++) {
      const own = weights[start + y] as Float64Array
      const to = (c * count + y) * width
      for (let k = 0; k < own.length; k++) {
        const weight = own[k] as number
        const from = (c * rows + (starts[start + y] as number) + k) * width
        for (let x = 0; x < width; x++) band[to + x] = (band[to + x] as number) + weight * (data[from + x] as number)
      }
    }
}
