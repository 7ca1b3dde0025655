import { intersect, type Rect } from '../../main/math/rect.ts'
import { TILE } from '../../preload/contract/document.ts'
import { type Cell, compose, drawn, recipeOf, type Sheet } from './compose.ts'
import { board } from './tile-bitmap.ts'

/** The cells of a level to show: columns [left, right), rows [top, bottom). */
export interface Span {
  readonly level: number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

interface Drawn extends Cell {
  /** What it was drawn from; null when it never was at this level. */
  recipe: string | null
  /** It may have to be drawn again. */
  stale: boolean
  /** It never showed anything, not even from another level. */
  isBlank: boolean
}

/** Milliseconds of a frame that may go into cells that were never drawn; what is out of date is always redrawn at once. */
const PATIENCE = 9

/**
 * A picture, composited: the cells in view at one level, side by side on one canvas. A cell is drawn again when what it is drawn from
 * has changed and has arrived; until then it shows what it showed. After a change of level the old canvas stands in, enlarged or reduced.
 */
export class Projection {
  #board = board(1, 1)
  #spare = board(1, 1)
  #span: Span = { level: 0, left: 0, top: 0, right: 0, bottom: 0 }
  #cells: Drawn[] = []
  /** The sheets below the active layer, drawn apart while a gesture changes it. */
  #below: Projection | null = null
  #lower: Sheet[] = []
  #upper: Sheet[] = []
  #cellAt = new Map<number, Drawn>()

  get canvas(): OffscreenCanvas {
    return this.#board.canvas
  }
  get span(): Span {
    return this.#span
  }

  /** Does every cell show what it should? */
  get isComplete(): boolean {
    return this.#cells.every(({ stale }) => !stale)
  }

  /** The cells that were never drawn, not even from another level. */
  blanks(): Cell[] {
    return this.#cells.filter(({ isBlank }) => isBlank)
  }

  /** Cells may have changed: all of them, or those that a rectangle of the document touches. */
  invalidate(rect: Rect | null = null): void {
    const side = TILE * 2 ** this.#span.level
    for (const cell of this.#cells)
      if (!rect || intersect(rect, { x: cell.column * side, y: cell.row * side, width: side, height: side })) cell.stale = true
    this.#below?.invalidate(rect)
  }

  /**
   * Brings the cells of a span up to date, as far as tiles are there.
   * @param split sheets that lie below what a gesture is changing: they are composited once and kept; null when nothing is being changed.
   * @returns true when there is more to draw that is already here: in the next frame.
   */
  update(span: Span, sheets: readonly Sheet[], split: number | null): boolean {
    this.#move(span)
    this.#lower = split === null ? [] : drawn(sheets.slice(0, split))
    this.#upper = drawn(split === null ? sheets : sheets.slice(split))
    // One layer is as quickly drawn as copied.
    if (this.#lower.length > 1) {
      this.#below ??= new Projection()
      this.#below.#move(span)
      this.#below.#upper = this.#lower
    } else {
      this.#below = null
      this.#upper.unshift(...this.#lower)
    }
    const until = performance.now() + PATIENCE
    let isLate = false
    for (const cell of this.#cells) {
      if (!cell.stale) continue
      if (cell.recipe === null && performance.now() > until) isLate = true
      else this.#refresh(cell)
    }
    return isLate
  }

  /** Draws a cell if it is out of date. @returns what it was drawn from, null while that has not arrived. */
  #refresh(cell: Drawn): string | null {
    if (!cell.stale) return cell.recipe
    const below = this.#below
    const lower = below ? below.#refreshAt(cell) : ''
    const words = recipeOf(this.#upper, cell)
    if (words === null || lower === null) return null
    const recipe = lower + words
    if (recipe !== cell.recipe) {
      const { context } = workboard()
      context.clearRect(0, 0, TILE, TILE)
      const x = (cell.column - this.#span.left) * TILE
      const y = (cell.row - this.#span.top) * TILE
      if (below) context.drawImage(below.canvas, x, y, TILE, TILE, 0, 0, TILE, TILE)
      if (!compose(context, this.#upper, cell)) return null
      this.#board.context.clearRect(x, y, TILE, TILE)
      this.#board.context.drawImage(context.canvas, x, y)
    }
    cell.recipe = recipe
    cell.stale = false
    cell.isBlank = false
    return recipe
  }

  #refreshAt(cell: Cell): string | null {
    const own = this.#cellAt.get(cellKey(cell))
    return own ? this.#refresh(own) : ''
  }

  #move(span: Span): void {
    const old = this.#span
    if (
      old.level === span.level &&
      old.left === span.left &&
      old.top === span.top &&
      old.right === span.right &&
      old.bottom === span.bottom
    )
      return
    const next = this.#spare
    next.canvas.width = Math.max(1, (span.right - span.left) * TILE)
    next.canvas.height = Math.max(1, (span.bottom - span.top) * TILE)
    const scale = 2 ** (old.level - span.level)
    next.context.imageSmoothingEnabled = scale < 1
    next.context.drawImage(
      this.#board.canvas,
      (old.left * scale - span.left) * TILE,
      (old.top * scale - span.top) * TILE,
      this.#board.canvas.width * scale,
      this.#board.canvas.height * scale,
    )
    this.#spare = this.#board
    this.#board = next
    this.#span = span

    // What was in view at the old level, in cells of the new one.
    const standIn = { left: old.left * scale, top: old.top * scale, right: old.right * scale, bottom: old.bottom * scale }
    const hasStandIn = ({ column, row }: Pick<Cell, 'column' | 'row'>) =>
      column >= Math.floor(standIn.left) && column < standIn.right && row >= Math.floor(standIn.top) && row < standIn.bottom
    const kept = old.level === span.level ? this.#cellAt : new Map<number, Drawn>()
    this.#cellAt = new Map()
    this.#cells = []
    for (let row = span.top; row < span.bottom; row++)
      for (let column = span.left; column < span.right; column++) {
        const key = cellKey({ column, row })
        const cell = kept.get(key) ?? {
          level: span.level,
          column,
          row,
          recipe: null,
          stale: true,
          isBlank: old.level === span.level || !hasStandIn({ column, row }),
        }
        this.#cellAt.set(key, cell)
        this.#cells.push(cell)
      }
    const middleX = (span.left + span.right - 1) / 2
    const middleY = (span.top + span.bottom - 1) / 2
    const far = ({ column, row }: Cell) => Math.hypot(column - middleX, row - middleY)
    this.#cells.sort((a, b) => far(a) - far(b))
  }
}

const cellKey = ({ column, row }: Pick<Cell, 'column' | 'row'>): number => row * 65_536 + column

const workboard = () => (shared ??= board(TILE, TILE))
let shared: ReturnType<typeof board> | undefined
