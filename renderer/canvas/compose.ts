import { type Layer, TILE } from '../../preload/contract/document.ts'
import type { Surface } from './surface.ts'
import { board } from './tile-bitmap.ts'
import type { Point } from './viewport.ts'

/** A layer as it is drawn: what it is, and where its pixels and its mask come from. */
export interface Sheet {
  readonly layer: Layer
  readonly isVisible: boolean
  readonly pixels: Surface | null
  readonly mask: Surface | null
  /** Where a gesture holds the layer at the moment, from where it is stored, in document pixels. */
  readonly shift: Point
}

/** A square of 256 pixels of the document, halved `level` times. */
export interface Cell {
  readonly level: number
  readonly column: number
  readonly row: number
}

interface Piece {
  readonly column: number
  readonly row: number
  /** Position in the cell, in pixels of the level; fractions where the layer does not lie on the level's grid. */
  readonly x: number
  readonly y: number
}

/** The tiles of a surface that reach into a cell. */
function pieces(surface: Surface, shift: Point, { level, column, row }: Cell): Piece[] {
  const scale = 2 ** level
  const x = (surface.origin.x + shift.x) / scale - column * TILE
  const y = (surface.origin.y + shift.y) / scale - row * TILE
  const found: Piece[] = []
  for (let r = Math.floor(-y / TILE); r * TILE + y < TILE; r++)
    for (let c = Math.floor(-x / TILE); c * TILE + x < TILE; c++) found.push({ column: c, row: r, x: c * TILE + x, y: r * TILE + y })
  return found
}

/** Sheets that put something into a picture. */
export const drawn = (sheets: readonly Sheet[]): Sheet[] =>
  sheets.filter(({ layer, isVisible, pixels }) => isVisible && layer.opacity > 0 && pixels)

/** What a cell would be drawn from: equal words, equal pixels. Null while a layer does not know its tiles yet. */
export function recipeOf(sheets: readonly Sheet[], cell: Cell): string | null {
  let words = ''
  for (const { layer, pixels, mask, shift } of sheets) {
    if (!pixels?.isReady || (mask && !mask.isReady)) return null
    const tiles = versions(pixels, shift, cell)
    if (!tiles) continue
    words += `|${layer.blend} ${layer.opacity}${tiles}`
    if (mask) words += ` mask ${mask.rest}${versions(mask, shift, cell) ?? ''}`
  }
  return words
}

function versions(surface: Surface, shift: Point, cell: Cell): string | null {
  let words = ''
  for (const { column, row, x, y } of pieces(surface, shift, cell)) {
    const version = surface.version(cell.level, column, row)
    if (version) words += ` ${version}@${x},${y}`
  }
  return words || null
}

/** Canvases to prepare a layer on: its pixels, its mask, and its tiles side by side before a fraction of a pixel is taken off. */
const boards: { pixels?: Board; mask?: Board; spread?: Board } = {}
type Board = ReturnType<typeof board>
const SPREAD = 2 * TILE

/**
 * Draws a cell of a picture: its sheets in order, each through its mask, with its opacity and its way of blending,
 * as an isolated group. The same formulas as `math/composite`.
 * @param context of a canvas as large as a cell. What is there is kept below the sheets.
 * @returns false, with nothing drawn, while a tile is on its way.
 */
export function compose(context: OffscreenCanvasRenderingContext2D, sheets: readonly Sheet[], cell: Cell): boolean {
  let isComplete = true
  for (const { pixels, mask, shift } of sheets) {
    // Ask for everything at once: what is missing is fetched together.
    for (const surface of [pixels, mask])
      if (surface)
        for (const { column, row } of pieces(surface, shift, cell))
          if (surface.picture(cell.level, column, row) === undefined) isComplete = false
  }
  if (!isComplete) return false

  for (const sheet of sheets) {
    const { layer, pixels, mask, shift } = sheet
    if (!pixels || !versions(pixels, shift, cell)) continue
    context.globalAlpha = layer.opacity
    context.globalCompositeOperation = layer.blend === 'normal' ? 'source-over' : layer.blend
    const inCell = pieces(pixels, shift, cell)
    if (!mask && inCell.every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y))) {
      for (const { column, row, x, y } of inCell) {
        const tile = pixels.picture(cell.level, column, row)
        if (tile) drawInside(context, tile, x, y)
      }
    } else context.drawImage(prepare(sheet, pixels, cell), 0, 0)
  }
  context.globalAlpha = 1
  context.globalCompositeOperation = 'source-over'
  return true
}

/** Draws the part of a tile that lies in the cell, without a clip. */
function drawInside(context: OffscreenCanvasRenderingContext2D, tile: CanvasImageSource, x: number, y: number): void {
  const left = Math.max(0, -x)
  const top = Math.max(0, -y)
  const width = TILE - Math.abs(x)
  const height = TILE - Math.abs(y)
  if (width > 0 && height > 0) context.drawImage(tile, left, top, width, height, Math.max(0, x), Math.max(0, y), width, height)
}

/** A layer's share of a cell, its mask applied. */
function prepare({ mask, shift }: Sheet, pixels: Surface, cell: Cell): OffscreenCanvas {
  const { canvas, context } = (boards.pixels ??= board(TILE, TILE))
  spread(context, pixels, shift, cell)
  if (mask) {
    const cover = (boards.mask ??= board(TILE, TILE))
    spread(cover.context, mask, shift, cell)
    context.globalCompositeOperation = 'destination-in'
    context.drawImage(cover.canvas, 0, 0)
    context.globalCompositeOperation = 'source-over'
  }
  return canvas
}

/** Puts a surface's tiles side by side, then into the cell in one go: a fraction of a pixel leaves no seam between them. */
function spread(target: OffscreenCanvasRenderingContext2D, surface: Surface, shift: Point, cell: Cell): void {
  const found = pieces(surface, shift, cell)
  const first = found[0]
  target.clearRect(0, 0, TILE, TILE)
  if (!first) return
  const isWhole = Number.isInteger(first.x) && Number.isInteger(first.y)
  const { canvas, context } = isWhole ? { canvas: null, context: target } : (boards.spread ??= board(SPREAD, SPREAD))
  const x = isWhole ? first.x : 0
  const y = isWhole ? first.y : 0
  if (!isWhole) context.clearRect(0, 0, SPREAD, SPREAD)
  for (const { column, row } of found) {
    const tile = surface.picture(cell.level, column, row)
    const left = (column - first.column) * TILE + x
    const top = (row - first.row) * TILE + y
    if (tile) context.drawImage(tile, left, top)
    else if (surface.rest > 0) {
      context.fillStyle = 'rgb(0 0 0)'
      context.fillRect(left, top, TILE, TILE)
    }
  }
  if (canvas) target.drawImage(canvas, first.x, first.y)
}
