import type { Rect } from '../../math/rect.ts'
import { paced } from '../breathe.ts'
import type { ModelFolder } from '../diffusion/folder.ts'
import type { Size } from '../diffusion/unet.ts'
import type { Weights } from './feather.ts'
import { sideOf } from './frame.ts'

/** Surroundings that a model is shown around a region, as a share of the region on each side. */
const CONTEXT = 0.25
/** The least that it is shown, and the least side it works at, as shares of the side it was trained on. */
const LEAST = 0.5
/** The most that it works on, as shares of that side and of its square. */
const LONGEST = 1.5
const LARGEST = 1.5

/** The part of a layer that a model looks at, and the size it looks at it in. */
export interface Crop {
  /** May reach past the document, by less than a cell or where the document is smaller than what the model needs. */
  readonly rect: Rect
  /** Multiples of what the model takes. */
  readonly size: Size
  /** Pixels along a side of the squares that are averaged first; the rectangle holds whole ones. */
  readonly shrink: number
}

/**
 * The surroundings of a region at the model's own resolution: a small region is enlarged, one that fits is left as large as it is, one
 * that does not fit is shrunk. Kept within the document as far as possible.
 */
export function cropAround(region: Rect, folder: ModelFolder, document: Size): Crop {
  const side = sideOf(folder)
  const wanted = (length: number, limit: number) => Math.min(Math.max(length * (1 + 2 * CONTEXT), LEAST * side), Math.max(length, limit))
  const [width, height] = [wanted(region.width, document.width), wanted(region.height, document.height)]
  const long = Math.max(width, height)
  const scale = long <= side ? side / long : Math.min(1, (LONGEST * side) / long, Math.sqrt((LARGEST * side ** 2) / (width * height)))
  const { multiple } = folder
  const fitting = (length: number) => Math.ceil(Math.max(length * scale, LEAST * side) / multiple - 1e-9) * multiple
  const size = { width: fitting(width), height: fitting(height) }
  const shrink = Math.max(1, Math.floor(1 / scale))
  const inSquares = (length: number) => Math.ceil(Math.max(1, Math.round(length / scale)) / shrink) * shrink
  const across = placed(region.x, region.width, inSquares(size.width), document.width)
  const down = placed(region.y, region.height, inSquares(size.height), document.height)
  return { rect: { x: across.from, y: down.from, width: across.length, height: down.length }, size, shrink }
}

/** Where a stretch of at least that length lies so that the region is in its middle, or nearer to a border of the document. */
function placed(from: number, length: number, stretch: number, limit: number): { readonly from: number; readonly length: number } {
  const middle = Math.round(from + (length - stretch) / 2)
  const start = stretch >= limit ? Math.round((limit - stretch) / 2) : Math.min(Math.max(middle, 0), limit - stretch)
  return { from: start, length: stretch }
}

/** Weights as seen by a crop: those of its pixels, row by row. */
export function weightsOver({ rect, data }: Weights, area: Rect): Float32Array {
  if (area.x === rect.x && area.y === rect.y && area.width === rect.width && area.height === rect.height) return data
  const over = new Float32Array(area.width * area.height)
  for (let y = 0; y < area.height; y++) {
    const row = area.y + y - rect.y
    if (row < 0 || row >= rect.height) continue
    const [from, to] = [Math.max(area.x, rect.x), Math.min(area.x + area.width, rect.x + rect.width)]
    if (from >= to) continue
    over.set(data.subarray(row * rect.width + from - rect.x, row * rect.width + to - rect.x), y * area.width + from - area.x)
  }
  return over
}

/** 1 for each cell of a latent that any pixel with a weight touches, 0 elsewhere: [row, column]. @throws the signal's reason once it is aborted. */
export async function cellsUnder(
  weights: Float32Array | Uint8Array,
  { rect, size }: Crop,
  factor: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const rest = paced(signal)
  const [rows, columns] = [size.height / factor, size.width / factor]
  const cells = new Float64Array(rows * columns)
  const [down, across] = [stretches(rect.height, rows), stretches(rect.width, columns)]
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      if (!((weights[y * rect.width + x] as number) > 0)) continue
      for (let row = down.first[y] as number; row <= (down.last[y] as number); row++)
        for (let column = across.first[x] as number; column <= (across.last[x] as number); column++) cells[row * columns + column] = 1
    }
    await rest()
  }
  return cells
}

/** The first and the last cell that each of so many pixels touches: more than one where pixels are larger than cells. */
function stretches(pixels: number, cells: number): { readonly first: Int32Array; readonly last: Int32Array } {
  const at = (pixel: number) => (pixel * cells) / pixels
  return {
    first: Int32Array.from({ length: pixels }, (_, i) => Math.floor(at(i))),
    last: Int32Array.from({ length: pixels }, (_, i) => Math.min(cells, Math.ceil(at(i + 1))) - 1),
  }
}
