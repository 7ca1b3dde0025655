import type { Pieces } from './pause.ts'

/** What hangs together: for each pixel the number of its piece, and each piece's pixels. */
interface Parts {
  readonly labels: Int32Array
  readonly sizes: readonly number[]
  /** Whether a piece reaches the border of the picture. */
  readonly isOpen: readonly boolean[]
}

/** Pixels between two pauses. */
const STRETCH = 1 << 18

/** Pieces of the pixels of one value (0 or not), joined by their sides. */
function* partsOf(mask: Uint8Array, width: number, height: number, isInside: boolean): Pieces<Parts> {
  const labels = new Int32Array(mask.length).fill(-1)
  const queue = new Int32Array(mask.length)
  const sizes: number[] = []
  const isOpen: boolean[] = []
  let looked = 0
  for (let start = 0; start < mask.length; start++) {
    if (labels[start] >= 0 || mask[start] > 0 !== isInside) continue
    const label = sizes.length
    let end = 0
    let touches = false
    const visit = (at: number) => {
      if (labels[at] >= 0 || mask[at] > 0 !== isInside) return
      labels[at] = label
      queue[end++] = at
    }
    visit(start)
    for (let k = 0; k < end; k++) {
      const at = queue[k]
      const x = at % width
      if (x > 0) visit(at - 1)
      if (x < width - 1) visit(at + 1)
      if (at >= width) visit(at - width)
      if (at < width * (height - 1)) visit(at + width)
      touches ||= x === 0 || x === width - 1 || at < width || at >= width * (height - 1)
      if (++looked % STRETCH === 0) yield
    }
    sizes.push(end)
    isOpen.push(touches)
  }
  return { labels, sizes, isOpen }
}

/** Leaves of a mask the pieces that `keeps` says yes to, in place: it is told each piece's pixels, and each pixel's piece or -1. */
export function* keepPieces(
  mask: Uint8Array,
  width: number,
  height: number,
  keeps: (sizes: readonly number[], labels: Int32Array) => readonly boolean[],
): Pieces<void> {
  const { labels, sizes } = yield* partsOf(mask, width, height, true)
  const kept = keeps(sizes, labels)
  for (let i = 0; i < mask.length; i++) if (labels[i] >= 0 && !kept[labels[i]]) mask[i] = 0
}

/** Fills, in place, the holes of a mask of no more than so many pixels; those that hold one of `open` stay. */
export function* fillHoles(mask: Uint8Array, width: number, height: number, most: number, open: readonly number[]): Pieces<void> {
  const { labels, sizes, isOpen } = yield* partsOf(mask, width, height, false)
  const stay = new Set(open.map((at) => labels[at]))
  for (let i = 0; i < mask.length; i++)
    if (labels[i] >= 0 && !isOpen[labels[i]] && sizes[labels[i]] <= most && !stay.has(labels[i])) mask[i] = 255
}
