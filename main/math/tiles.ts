import { type Tensor, tensor } from './tensor.ts'

/** How a long axis is cut: where the pieces start, how long they are, and how much each counts at each of its places. */
interface AxisPlan {
  readonly starts: readonly number[]
  /** Length of every piece; the last may reach past the end of the axis. */
  readonly length: number
  /** For each piece, its weight at each place; over the pieces they sum to 1 everywhere. */
  readonly weights: readonly Float64Array[]
}

/** How a picture is cut into overlapping tiles that fade into each other. */
export interface TilePlan {
  readonly width: number
  readonly height: number
  readonly columns: AxisPlan
  readonly rows: AxisPlan
  /** Number of tiles. */
  readonly count: number
}

export interface TileOptions {
  /** Longest side of a tile, in pixels. */
  readonly size: number
  /** Least that neighbours share, in pixels: at least as far as a pixel's value reaches. */
  readonly overlap: number
  /** Sides of tiles, and where they start, are multiples of this. */
  readonly multiple: number
}

function planAxis(length: number, { size, overlap: least, multiple }: TileOptions): AxisPlan {
  const limit = Math.floor(size / multiple) * multiple
  const upTo = (value: number) => Math.ceil(value / multiple) * multiple
  const overlap = upTo(least)
  const count = length <= limit ? 1 : Math.ceil((length - overlap) / (limit - overlap))
  const piece = upTo((length + (count - 1) * overlap) / count)
  // A network that halves a picture sees another picture when the tile begins elsewhere within a multiple: all begin on one.
  const starts = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : upTo((i * (length - piece)) / (count - 1))))
  // Neighbours fade over the middle quarter of the least overlap: near its edges, where a tile lacks its surroundings, it counts for nothing.
  const fade = overlap / 4
  const rise = (i: number, at: number): number => {
    if (i === 0) return 1
    if (i === count) return 0
    const centre = (starts[i] + starts[i - 1] + piece) / 2
    const share = at + 0.5 - centre
    return fade === 0 ? Number(share > 0) : Math.min(1, Math.max(0, share / fade + 0.5))
  }
  const weights = starts.map((start, i) => Float64Array.from({ length: piece }, (_, k) => rise(i, start + k) - rise(i + 1, start + k)))
  return { starts, length: piece, weights }
}

/**
 * Cuts a picture into tiles of equal size that overlap by at least `overlap`.
 * A side that fits in one tile is not cut; it is padded up to the multiple.
 * @throws RangeError where the size is no whole multiple long or less than three overlaps.
 */
export function planTiles(width: number, height: number, options: TileOptions): TilePlan {
  const { size, overlap, multiple } = options
  if (!(width >= 1 && height >= 1)) throw new RangeError(`A picture of ${width} × ${height} pixels cannot be cut into tiles.`)
  if (size < multiple || size < 3 * Math.ceil(overlap / multiple) * multiple)
    throw new RangeError(`Tiles of ${size} pixels are too small for an overlap of ${overlap} and multiples of ${multiple}.`)
  const columns = planAxis(width, options)
  const rows = planAxis(height, options)
  return { width, height, columns, rows, count: columns.starts.length * rows.starts.length }
}

/** Half-sample mirror: … 1 0 | 0 1 2 … n-1 | n-1 n-2 …, period 2n. */
export function mirror(index: number, length: number): number {
  const period = 2 * length
  const i = ((index % period) + period) % period
  return i < length ? i : period - 1 - i
}

/** Cuts a rectangle out of planes [channel, row, column]; past the border the picture goes on mirrored. @returns [1, channel, row, column]. */
export function cut(picture: Tensor, x: number, y: number, width: number, height: number): Tensor {
  const [channels, rows, columns] = picture.shape
  const out = new Float32Array(channels * height * width)
  const inside = x >= 0 && x + width <= columns
  const sources = inside ? null : Int32Array.from({ length: width }, (_, k) => mirror(x + k, columns))
  for (let c = 0; c < channels; c++)
    for (let r = 0; r < height; r++) {
      const from = (c * rows + mirror(y + r, rows)) * columns
      const to = (c * height + r) * width
      if (sources) for (let k = 0; k < width; k++) out[to + k] = picture.data[from + sources[k]]
      else out.set(picture.data.subarray(from + x, from + x + width), to)
    }
  return tensor([1, channels, height, width], out)
}

/**
 * Runs `fn` over a picture [channel, row, column] tile by tile and fades the results together.
 * `fn` takes [1, channel, row, column] and gives as many rows and columns back, in any number of channels.
 * Yields the number of tiles done after each; throws the signal's reason between tiles once it is aborted.
 */
export async function* tiled(
  picture: Tensor,
  plan: TilePlan,
  fn: (tile: Tensor, signal: AbortSignal) => Promise<Tensor>,
  signal: AbortSignal,
): AsyncGenerator<number, Tensor, void> {
  const { columns, rows, width, height } = plan
  let out: Tensor | null = null
  let done = 0
  for (const [j, y] of rows.starts.entries())
    for (const [i, x] of columns.starts.entries()) {
      signal.throwIfAborted()
      const result = await fn(cut(picture, x, y, columns.length, rows.length), signal)
      const channels = result.shape[1]
      if (result.shape[2] !== rows.length || result.shape[3] !== columns.length)
        throw new RangeError(`A tile of ${columns.length} × ${rows.length} pixels came back as [${result.shape.join(', ')}].`)
      out ??= tensor([channels, height, width])
      addTileInto(out, result, x, y, columns.weights[i], rows.weights[j])
      yield ++done
    }
  signal.throwIfAborted()
  return out as Tensor
}

/** Adds a weighted tile [1, channel, row, column] to planes, leaving out what lies past their border. */
function addTileInto(out: Tensor, tile: Tensor, x: number, y: number, across: Float64Array, down: Float64Array): void {
  const [channels, height, width] = out.shape
  const tileRows = Math.min(tile.shape[2], height - y)
  const tileColumns = Math.min(tile.shape[3], width - x)
  for (let c = 0; c < channels; c++)
    for (let r = 0; r < tileRows; r++) {
      const weight = down[r]
      if (weight === 0) continue
      const from = (c * tile.shape[2] + r) * tile.shape[3]
      const to = (c * height + y + r) * width + x
      for (let k = 0; k < tileColumns; k++) out.data[to + k] += weight * across[k] * tile.data[from + k]
    }
}
