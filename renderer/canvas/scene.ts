import { intersect, type Rect } from '../../main/math/rect.ts'
import { type Document, TILE } from '../../preload/contract/document.ts'
import type { ProjectState } from '../../preload/contract/event.ts'
import type { BlobId, LayerId, RevisionId } from '../../preload/contract/ids.ts'
import type { Color } from '../studio/view.ts'
import { compose, drawn } from './compose.ts'
import { LivePaint } from './live-paint.ts'
import { Projection, type Span } from './projection.ts'
import { Surfaces } from './surfaces.ts'
import { board } from './tile-bitmap.ts'
import { Tiles } from './tiles.ts'
import { type Look, levelFor, type Point, placement, type Viewport } from './viewport.ts'

/** The divider: left of it the layer shows what its recipe was given. */
export interface Divider {
  readonly layer: LayerId
  /** From the left edge of the picture, 0..1. */
  readonly position: number
}

/** Above this zoom pixels are shown as squares. */
const SMOOTH_BELOW = 2

/** One open project on the canvas: its tiles, what is composited of them, and the paint that is still wet. */
export class Scene {
  readonly surfaces: Surfaces
  readonly paint: LivePaint
  readonly #tiles: Tiles
  readonly #projection = new Projection()
  #before: Projection | null = null
  readonly #changed: () => void
  #state: ProjectState | null = null
  #compared: LayerId | null = null
  #split: number | null = null
  #waiting: { readonly revision: RevisionId; readonly resolve: () => void }[] = []

  /** @param changed called when there is something new to draw. @param differed see LivePaint. */
  constructor(urlOf: (id: BlobId) => string, changed: () => void, differed: (keys: readonly string[]) => void) {
    this.#changed = changed
    this.#tiles = new Tiles(urlOf, changed)
    this.surfaces = new Surfaces(this.#tiles, () => this.#documentChanged())
    this.paint = new LivePaint({
      tiles: this.#tiles,
      surfaceOf: (layer, target) => this.surfaces.get(layer, target),
      differed,
      changed: () => this.invalidate(),
    })
  }

  get document(): Document | null {
    return this.#state?.document ?? null
  }

  /** Does everything in view show what it should? */
  get isComplete(): boolean {
    return this.#projection.isComplete && (this.#before?.isComplete ?? true)
  }

  /** Shows a state of the project. @param compared the layer the divider stands on. */
  show(state: ProjectState, compared: LayerId | null): void {
    const before = this.#state
    const comparable = state.document.layers.some(({ id, recipe }) => id === compared && recipe?.input) ? compared : null
    // Most of what is told of a project, such as how far its jobs are, leaves the picture alone.
    const isSame = before?.document === state.document && before.head === state.head && comparable === this.#compared
    this.#state = state
    if (isSame) return
    this.#compared = comparable
    this.surfaces.show(state.document, comparable)
    this.#documentChanged()
    for (const waiting of this.#waiting) if (this.#hasShown(waiting.revision)) waiting.resolve()
    this.#waiting = this.#waiting.filter(({ revision }) => !this.#hasShown(revision))
  }

  /** Resolves once a state that knows the revision has been shown, or nothing will be any more. */
  whenShown(revision: RevisionId): Promise<void> {
    if (this.#hasShown(revision)) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ revision, resolve }))
  }

  /** Something that is drawn has changed. */
  invalidate(): void {
    this.#projection.invalidate()
    this.#before?.invalidate()
    this.#changed()
  }

  /**
   * Brings what is in view up to date.
   * @param busy the layer a gesture is changing, if any.
   * @returns true when there is more to draw at once.
   */
  prepare(viewport: Viewport, look: Look, busy: LayerId | null): boolean {
    const document = this.document
    if (!document) return false
    this.#tiles.begin()
    const wet = this.paint.flush()
    if (wet) this.#projection.invalidate(wet)
    if (wet) this.#before?.invalidate(wet)
    const span = spanOf(viewport, look, document)
    const sheets = this.surfaces.sheets(this.#compared, 'pixels')
    const at = sheets.findIndex(({ layer }) => layer.id === busy)
    const split = at > 0 ? at : null
    if (split !== this.#split) this.#projection.invalidate()
    this.#split = split
    let isLate = this.#projection.update(span, sheets, split)
    if (this.#compared) {
      this.#before ??= new Projection()
      if (this.#before.update(span, this.surfaces.sheets(this.#compared, 'input'), null)) isLate = true
    } else this.#before = null
    this.#tiles.end(isLate)
    return isLate
  }

  /** Draws the picture where it lies, in device pixels. */
  draw(context: CanvasRenderingContext2D, viewport: Viewport, look: Look, divider: Divider | null): void {
    const document = this.document
    if (!document) return
    const place = placement(viewport, look, document)
    context.imageSmoothingEnabled = look.zoom < SMOOTH_BELOW
    context.imageSmoothingQuality = 'low'
    if (!this.#before || !divider) {
      drawSpan(context, this.#projection, document, place)
      return
    }
    const edge = place.x + Math.round(divider.position * place.width)
    for (const [projection, left, width] of [
      [this.#before, place.x, edge - place.x],
      [this.#projection, edge, place.x + place.width - edge],
    ] as const) {
      context.save()
      context.beginPath()
      context.rect(left, place.y, width, place.height)
      context.clip()
      drawSpan(context, projection, document, place)
      context.restore()
    }
  }

  /** Where nothing of the picture is known yet, in device pixels. */
  unknown(viewport: Viewport, look: Look): Rect[] {
    const document = this.document
    if (!document) return []
    const place = placement(viewport, look, document)
    const { level } = this.#projection.span
    const side = {
      x: (TILE * place.width) / levelSide(document.width, level),
      y: (TILE * place.height) / levelSide(document.height, level),
    }
    return this.#projection.blanks().flatMap(({ column, row }) => {
      const cell = { x: place.x + column * side.x, y: place.y + row * side.y, width: side.x, height: side.y }
      const shared = intersect(cell, place)
      return shared ? [shared] : []
    })
  }

  /** The colour of the picture at a document pixel, all layers together; null where it is transparent. */
  async pick({ x, y }: Point): Promise<Color | null> {
    const cell = { level: 0, column: Math.floor(x / TILE), row: Math.floor(y / TILE) }
    const { context } = board(TILE, TILE)
    // What is in view is here already; of the rest, a tile a turn is fetched.
    for (let turn = 0; turn < 50; turn++) {
      this.#tiles.begin()
      const isDone = compose(context, drawn(this.surfaces.sheets(this.#compared, 'pixels')), cell)
      if (isDone) break
      this.#tiles.end()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(x - cell.column * TILE, y - cell.row * TILE, 1, 1).data
    return alpha > 0 ? [red, green, blue] : null
  }

  close(): void {
    this.#tiles.close()
    for (const { resolve } of this.#waiting) resolve()
  }

  #hasShown(revision: RevisionId): boolean {
    return this.#state?.revisions.some(({ id }) => id === revision) ?? false
  }

  #documentChanged(): void {
    const state = this.#state
    if (state) this.paint.documentChanged(state.document, state.head.revision, (revision) => this.#hasShown(revision))
    this.invalidate()
  }
}

/** Sides of the document at a level; a rest that does not fill a pixel of the level is left out. */
const levelSide = (side: number, level: number): number => Math.max(1, Math.floor(side / 2 ** level))

/** Cells in view and one row around them, so that a hand that pans meets no edge. */
function spanOf(viewport: Viewport, look: Look, document: Document): Span {
  const level = levelFor(viewport, look, document)
  const place = placement(viewport, look, document)
  const range = (start: number, length: number, side: number, screen: number): [number, number] => {
    const whole = levelSide(side, level)
    const cell = (TILE * length) / whole
    const last = Math.ceil(whole / TILE)
    const from = Math.min(last, Math.max(0, Math.floor(-start / cell) - 1))
    return [from, Math.max(from, Math.min(last, Math.ceil((screen - start) / cell) + 1))]
  }
  const [left, right] = range(place.x, place.width, document.width, viewport.width * viewport.ratio)
  const [top, bottom] = range(place.y, place.height, document.height, viewport.height * viewport.ratio)
  return { level, left, top, right, bottom }
}

function drawSpan(context: CanvasRenderingContext2D, { canvas, span }: Projection, document: Document, place: Rect): void {
  const width = levelSide(document.width, span.level)
  const height = levelSide(document.height, span.level)
  const x = span.left * TILE
  const y = span.top * TILE
  const right = Math.min(width, span.right * TILE)
  const bottom = Math.min(height, span.bottom * TILE)
  if (right <= x || bottom <= y) return
  const scaleX = place.width / width
  const scaleY = place.height / height
  context.drawImage(
    canvas,
    0,
    0,
    right - x,
    bottom - y,
    place.x + x * scaleX,
    place.y + y * scaleY,
    (right - x) * scaleX,
    (bottom - y) * scaleY,
  )
}
