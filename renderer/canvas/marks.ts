import { Layer } from 'konva/lib/Layer.js'
import { Circle } from 'konva/lib/shapes/Circle.js'
import { Rect as RectShape } from 'konva/lib/shapes/Rect.js'
import type { Rect } from '../../main/math/rect.ts'
import type { Document } from '../../preload/contract/document.ts'
import { FrameMarks } from './frame-marks.ts'
import { ObjectMarks } from './object-marks.ts'
import { type Look, type Point, placement, toScreen, type Viewport } from './viewport.ts'

/** What lies over the picture and is not part of it. */
export class Marks {
  readonly layer = new Layer({ listening: false })
  readonly objects = new ObjectMarks()
  readonly frame = new FrameMarks()
  readonly #container: HTMLElement
  readonly #border = new RectShape({ listening: false, strokeWidth: 1, strokeScaleEnabled: false })
  readonly #outline = new RectShape({ listening: false, strokeWidth: 1, dash: [5, 4], visible: false })
  /** Two rings, dark and light, so that one of them shows on any colour. */
  readonly #rings = [2.5, 1].map((strokeWidth) => new Circle({ listening: false, visible: false, strokeWidth }))
  #brush: { readonly at: Point; readonly diameter: number } | null = null
  #moving: Rect | null = null

  constructor(container: HTMLElement) {
    this.#container = container
    this.layer.add(this.#border, this.objects.shape, this.frame.shape, this.#outline, ...this.#rings)
    this.restyle()
  }

  restyle(): void {
    const style = getComputedStyle(this.#container)
    this.#border.stroke(style.getPropertyValue('--canvas-border').trim() || 'rgba(0, 0, 0, 0.55)')
    this.#outline.stroke(style.getPropertyValue('--accent').trim() || '#f0ac3c')
    this.objects.restyle(style)
    this.frame.restyle(style)
    this.#rings[0]?.stroke('rgba(0, 0, 0, 0.55)')
    this.#rings[1]?.stroke('rgba(255, 255, 255, 0.95)')
  }

  /** The brush over the canvas: its middle in CSS pixels, its diameter in document pixels; null hides it. */
  brush(brush: { readonly at: Point; readonly diameter: number } | null): void {
    this.#brush = brush
  }

  /** The outline of a layer that is being moved, in document pixels; null hides it. */
  moving(rect: Rect | null): void {
    this.#moving = rect
  }

  draw(viewport: Viewport, look: Look, document: Document | null): void {
    this.objects.place(viewport, look, document)
    this.frame.place(viewport, look, document)
    this.#border.visible(document !== null)
    this.#outline.visible(document !== null && this.#moving !== null)
    for (const ring of this.#rings) ring.visible(document !== null && this.#brush !== null)
    if (document) {
      const place = placement(viewport, look, document)
      const { ratio } = viewport
      this.#border.setAttrs({
        x: place.x / ratio - 0.5,
        y: place.y / ratio - 0.5,
        width: place.width / ratio + 1,
        height: place.height / ratio + 1,
      })
      if (this.#moving) {
        const { x, y, width, height } = this.#moving
        const from = toScreen(viewport, look, document, { x, y })
        const to = toScreen(viewport, look, document, { x: x + width, y: y + height })
        this.#outline.setAttrs({ ...from, width: to.x - from.x, height: to.y - from.y })
      }
      if (this.#brush) for (const ring of this.#rings) ring.setAttrs({ ...this.#brush.at, radius: (this.#brush.diameter * look.zoom) / 2 })
    }
    this.layer.draw()
  }
}
