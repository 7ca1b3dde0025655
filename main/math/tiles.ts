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
  const tile = tensor([1, picture.shape[0], height, width])
  cutInto(tile, picture, x, y)
  return tile
}

/** The same into a tile there is. */
function cutInto(tile: Tensor, picture: Tensor, x: number, y: number): void {
  const [, , height, width] = tile.shape
  const [channels, rows, columns] = picture.shape
  const { data: out } = tile
  const { data: source } = picture
  // Columns that lie within are copied in one go; the others are mirrored.
  const first = Math.min(width, Math.max(0, -x))
  const last = Math.max(first, Math.min(width, columns - x))
  for (let c = 0; c < channels; c++)
    for (let r = 0; r < height; r++) {
      const from = (c * rows + mirror(y + r, rows)) * columns
      const to = (c * height + r) * width
      for (let k = 0; k < first; k++) out[to + k] = source[from + mirror(x + k, columns)]
      out.set(source.subarray(from + x + first, from + x + last), to + first)
      for (let k = last; k < width; k++) out[to + k] = source[from + mirror(x + k, columns)]
    }
}

/** What is done with tiles, and where it goes. */
export interface TileWork {
  /** Takes [1, channel, row, column] and gives as many rows and columns back, in any number of channels. */
  run(tile: Tensor, signal: AbortSignal): Promise<Tensor>
  /** Told of what `run` gave once it is faded in: nobody looks at it again. */
  readonly spent?: ((result: Tensor) => void) | undefined
  /** Memory for the whole result, of its shape; what it held is lost. */
  readonly into?: Tensor | undefined
}

/**
 * Runs over a picture [channel, row, column] tile by tile and fades the results together.
 * The next tile is run before the last one is faded in and told of, so that a network on another thread does not wait; never two at
 * once. A tile is its own until its run has ended: then another is cut into the same memory.
 * Yields the number of tiles done after each; throws the signal's reason between tiles once it is aborted.
 */
export async function* tiled(
  picture: Tensor,
  plan: TilePlan,
  { run, spent, into }: TileWork,
  signal: AbortSignal,
): AsyncGenerator<number, Tensor, void> {
  const { columns, rows, width, height } = plan
  const across = columns.starts.length
  const memory = [0, 1].map(() => tensor([1, picture.shape[0], rows.length, columns.length]))
  const start = (tile: number): Promise<Tensor> => {
    const free = memory[tile % 2]
    cutInto(free, picture, columns.starts[tile % across], rows.starts[Math.floor(tile / across)])
    const running = run(free, signal)
    // Where the caller stops listening nobody may be left to hear that a call failed.
    running.catch(() => undefined)
    return running
  }
  into?.data.fill(0)
  let out = into ?? null
  signal.throwIfAborted()
  let running = start(0)
  for (let tile = 0; tile < plan.count; tile++) {
    signal.throwIfAborted()
    const result = await running
    if (result.shape[2] !== rows.length || result.shape[3] !== columns.length)
      throw new RangeError(`A tile of ${columns.length} × ${rows.length} pixels came back as [${result.shape.join(', ')}].`)
    signal.throwIfAborted()
    if (tile + 1 < plan.count) running = start(tile + 1)
    const [i, j] = [tile % across, Math.floor(tile / across)]
    out ??= tensor([result.shape[1], height, width])
    addTileInto(out, result, columns.starts[i], rows.starts[j], columns.weights[i], rows.weights[j])
    spent?.(result)
    yield tile + 1
  }
  signal.throwIfAborted()
  return out as Tensor
}

/** Adds a weighted tile [1, channel, row, column] to planes, leaving out what lies past their border and what counts for nothing. */
function addTileInto(out: Tensor, tile: Tensor, x: number, y: number, across: Float64Array, down: Float64Array): void {
  const [channels, height, width] = out.shape
  const { data: target } = out
  const { data: source } = tile
  const tileRows = Math.min(tile.shape[2], height - y)
  let first = 0
  let last = Math.min(tile.shape[3], width - x)
  while (first < last && across[first] === 0) first++
  while (last > first && across[last - 1] === 0) last--
  let fullFrom = first
  while (fullFrom < last && across[fullFrom] !== 1) fullFrom++
  let fullTo = fullFrom
  while (fullTo < last && across[fullTo] === 1) fullTo++
  for (let c = 0; c < channels; c++)
    for (let r = 0; r < tileRows; r++) {
      const weight = down[r]
      if (weight === 0) continue
      const from = (c * tile.shape[2] + r) * tile.shape[3]
      const to = (c * height + y + r) * width + x
      // Most of a tile counts in full, whatever its neighbours.
      for (let k = first; k < fullFrom; k++) target[to + k] += weight * across[k] * source[from + k]
      for (let k = fullFrom; k < fullTo; k++) target[to + k] += weight * source[from + k]
      for (let k = fullTo; k < last; k++) target[to + k] += weight * across[k] * source[from + k]
    }
}
