import type { Pieces } from './pause.ts'

/** A mask as runs of pixels of one value along its rows, and the pieces that the runs of each value make, joined by their sides. */
export interface MaskPieces {
  /** Run k is the pixels from `starts[k]` to before `starts[k + 1]`, all in one row. */
  readonly starts: readonly number[]
  /** For each run, its piece. */
  readonly pieces: Int32Array
  /** For each row, its first run; one more at the end. */
  readonly rows: Int32Array
  /** For each piece, its pixels, whether it is inside the mask, and whether it reaches the border of the picture. */
  readonly sizes: readonly number[]
  readonly isInside: readonly boolean[]
  readonly isOpen: readonly boolean[]
}

/** Rows between two pauses. */
const STRETCH = 512

/** Connected parts of a mask, row-major, and of what is not in it, by four neighbours; above 0 is inside. Breathes. */
export function* maskPieces(mask: Uint8Array, width: number, height: number): Pieces<MaskPieces> {
  const starts: number[] = []
  const rows = new Int32Array(height + 1)
  /** For each run an older one of its piece, or itself. */
  const older: number[] = []
  const root = (run: number): number => {
    let at = run
    while (older[at] !== at) at = older[at] = older[older[at]]
    return at
  }
  let above = 0
  for (let y = 0; y < height; y++) {
    if (y % STRETCH === STRETCH - 1) yield
    rows[y] = starts.length
    const end = (y + 1) * width
    for (let at = y * width; at < end; ) {
      const run = starts.length
      const start = at
      const value = mask[at] > 0
      while (at < end && mask[at] > 0 === value) at++
      starts.push(start)
      older.push(run)
      if (y === 0) continue
      // Back to the first run above that reaches this one: runs above end where the next starts.
      while (above > rows[y - 1] && starts[above] + width > start) above--
      for (; above < rows[y] && starts[above] + width < at; above++) {
        const ends = above + 1 < rows[y] ? starts[above + 1] : y * width
        if (ends + width > start && mask[starts[above]] > 0 === value) join(older, root(above), root(run))
      }
      above--
    }
    above = rows[y]
  }
  rows[height] = starts.length
  starts.push(width * height)

  const numbers = new Map<number, number>()
  const pieces = new Int32Array(older.length)
  const sizes: number[] = []
  const isInside: boolean[] = []
  const isOpen: boolean[] = []
  for (let y = 0; y < height; y++)
    for (let run = rows[y]; run < rows[y + 1]; run++) {
      const first = root(run)
      let piece = numbers.get(first)
      if (piece === undefined) {
        numbers.set(first, (piece = sizes.length))
        sizes.push(0)
        isInside.push(mask[starts[run]] > 0)
        isOpen.push(false)
      }
      pieces[run] = piece
      sizes[piece] += starts[run + 1] - starts[run]
      isOpen[piece] ||= y === 0 || y === height - 1 || starts[run] === y * width || starts[run + 1] === (y + 1) * width
    }
  return { starts, pieces, rows, sizes, isInside, isOpen }
}

function join(older: number[], a: number, b: number): void {
  if (a < b) older[b] = a
  else older[a] = b
}

/** The pieces that have a pixel within `reach` columns and rows of a place. */
export function piecesNear({ starts, pieces, rows }: MaskPieces, width: number, at: number, reach: number): ReadonlySet<number> {
  const found = new Set<number>()
  const [x, y] = [at % width, Math.floor(at / width)]
  for (let row = Math.max(0, y - reach); row <= Math.min(rows.length - 2, y + reach); row++)
    for (let run = rows[row]; run < rows[row + 1]; run++)
      if (starts[run] <= row * width + x + reach && starts[run + 1] > row * width + x - reach) found.add(pieces[run])
  return found
}

/** Gives every pixel of some pieces a value, in place. */
export function fillPieces(mask: Uint8Array, { starts, pieces }: MaskPieces, isWanted: (piece: number) => boolean, value: number): void {
  for (let run = 0; run < pieces.length; run++) if (isWanted(pieces[run])) mask.fill(value, starts[run], starts[run + 1])
}
