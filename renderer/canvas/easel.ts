import { Layer } from 'konva/lib/Layer.js'
import { Shape } from 'konva/lib/Shape.js'
import { Stage } from 'konva/lib/Stage.js'
import type { LayerId } from '../../preload/contract/ids.ts'
import { Marks } from './marks.ts'
import type { Divider, Scene } from './scene.ts'
import { type Look, placement, type Viewport } from './viewport.ts'

/** Side of a square of the chequerboard behind what is transparent, in CSS pixels. */
const CHECK = 8

/** What an easel shows; pushed to it, never read back. */
export interface Shown {
  readonly scene: Scene | null
  readonly look: Look
  readonly divider: Divider | null
  /** The layer a gesture is changing. */
  readonly busy: LayerId | null
}

/**
 * The Konva stage: one canvas for the picture, one for what lies over it, both no larger than the viewport whatever the document holds.
 * Everything that wants to be drawn asks for a frame; a frame draws once.
 */
export class Easel {
  readonly marks: Marks
  readonly #stage: Stage
  readonly #picture = new Layer({ listening: false })
  readonly #container: HTMLDivElement
  readonly #drawn: (began: number) => void
  #viewport: Viewport = { width: 1, height: 1, ratio: 1 }
  #shown: Shown = { scene: null, look: { zoom: 1, center: { x: 0, y: 0 } }, divider: null, busy: null }
  #frame = 0
  #checks: CanvasPattern | null = null

  /** @param drawn called after each frame, with when it began: the time to move what floats over the canvas. */
  constructor(container: HTMLDivElement, drawn: (began: number) => void) {
    this.#container = container
    this.#drawn = drawn
    this.#stage = new Stage({ container, width: 1, height: 1, listening: false })
    this.#picture.add(new Shape({ listening: false, perfectDrawEnabled: false, sceneFunc: ({ _context }) => this.#draw(_context) }))
    this.marks = new Marks(container)
    this.#stage.add(this.#picture, this.marks.layer)
  }

  get viewport(): Viewport {
    return this.#viewport
  }

  show(shown: Shown): void {
    this.#shown = shown
    this.request()
  }

  /** The container has another size, or lies on another screen. */
  resize(viewport: Viewport): void {
    const { width, height, ratio } = viewport
    if (width === 0 || height === 0) return
    if (ratio !== this.#viewport.ratio) for (const layer of [this.#picture, this.marks.layer]) layer.getCanvas().setPixelRatio(ratio)
    this.#viewport = viewport
    this.#stage.size({ width, height })
    this.#checks = null
    // A canvas that was resized is empty: draw before the browser shows it.
    this.#render()
  }

  /** Colours come from the page's style; call when the theme has changed. */
  restyle(): void {
    this.#checks = null
    this.marks.restyle()
    this.request()
  }

  /** Asks for a frame. */
  request(): void {
    this.#frame ||= requestAnimationFrame(() => this.#render())
  }

  /** Draws what lies over the picture, and the picture not. */
  drawMarks(): void {
    if (this.#frame === 0) this.marks.draw(this.#viewport, this.#shown.look, this.#shown.scene?.document ?? null)
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    this.#stage.destroy()
  }

  #render(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    const began = performance.now()
    const { scene, look, busy } = this.#shown
    const document = scene?.document
    const isLate = scene?.prepare(this.#viewport, look, busy) ?? false
    this.#picture.draw()
    this.marks.draw(this.#viewport, look, document ?? null)
    this.#drawn(began)
    if (isLate) this.request()
  }

  #draw(context: CanvasRenderingContext2D): void {
    const { scene, look, divider } = this.#shown
    const document = scene?.document
    if (!document) return
    const place = placement(this.#viewport, look, document)
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    this.#checks ??= checks(context, getComputedStyle(this.#container), this.#viewport.ratio)
    if (this.#checks) {
      context.translate(place.x, place.y)
      context.fillStyle = this.#checks
      context.fillRect(0, 0, place.width, place.height)
      context.translate(-place.x, -place.y)
    }
    // A chequerboard says "transparent"; what has not come yet is not known to be.
    context.fillStyle = getComputedStyle(this.#container).getPropertyValue('--checker-1') || '#3c3c3c'
    for (const { x, y, width, height } of scene.unknown(this.#viewport, look)) context.fillRect(x, y, width, height)
    scene.draw(context, this.#viewport, look, divider)
    context.restore()
  }
}

function checks(context: CanvasRenderingContext2D, style: CSSStyleDeclaration, ratio: number): CanvasPattern | null {
  const side = Math.round(CHECK * ratio)
  const canvas = new OffscreenCanvas(2 * side, 2 * side)
  const tile = canvas.getContext('2d')
  if (!tile) return null
  tile.fillStyle = style.getPropertyValue('--checker-1') || '#3c3c3c'
  tile.fillRect(0, 0, 2 * side, 2 * side)
  tile.fillStyle = style.getPropertyValue('--checker-2') || '#545454'
  tile.fillRect(0, 0, side, side)
  tile.fillRect(side, side, side, side)
  return context.createPattern(canvas, 'repeat')
}
