import { Shape } from 'konva/lib/Shape.js'
import type { Rect } from '../../main/math/rect.ts'
import type { Document } from '../../preload/contract/document.ts'
import { type Look, placement, toScreen, type Viewport } from './viewport.ts'

/** Side of a handle, in CSS pixels. */
const HANDLE = 9

/** The frame the picture shall have: what falls away is dimmed, what is added is tinted, handles on edges and corners. */
export class FrameMarks {
  readonly shape: Shape
  #frame: Rect | null = null
  #accent = '#f0ac3c'
  #at: { readonly viewport: Viewport; readonly look: Look; readonly document: Document } | null = null

  constructor() {
    this.shape = new Shape({ listening: false, perfectDrawEnabled: false, sceneFunc: ({ _context }) => this.#draw(_context) })
  }

  restyle(style: CSSStyleDeclaration): void {
    this.#accent = style.getPropertyValue('--accent').trim() || '#f0ac3c'
  }

  /** In document pixels; null hides it. */
  show(frame: Rect | null): void {
    this.#frame = frame
  }

  place(viewport: Viewport, look: Look, document: Document | null): void {
    this.#at = document && { viewport, look, document }
  }

  #draw(context: CanvasRenderingContext2D): void {
    if (!this.#at || !this.#frame) return
    const { viewport, look, document } = this.#at
    const { x, y, width, height } = this.#frame
    const from = toScreen(viewport, look, document, { x, y })
    const to = toScreen(viewport, look, document, { x: x + width, y: y + height })
    const box = { x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y }
    const place = placement(viewport, look, document)
    const { ratio } = viewport
    const picture = [place.x / ratio, place.y / ratio, place.width / ratio, place.height / ratio] as const
    context.save()
    // The picture outside the frame.
    context.beginPath()
    context.rect(...picture)
    context.clip()
    context.beginPath()
    context.rect(0, 0, viewport.width, viewport.height)
    context.rect(box.x, box.y, box.width, box.height)
    context.fillStyle = 'rgba(0, 0, 0, 0.55)'
    context.fill('evenodd')
    context.restore()
    context.save()
    // The frame outside the picture.
    context.beginPath()
    context.rect(box.x, box.y, box.width, box.height)
    context.clip()
    context.beginPath()
    context.rect(box.x, box.y, box.width, box.height)
    context.rect(...picture)
    context.globalAlpha = 0.2
    context.fillStyle = this.#accent
    context.fill('evenodd')
    context.restore()
    context.save()
    context.lineWidth = 1.5
    context.strokeStyle = this.#accent
    context.strokeRect(box.x, box.y, box.width, box.height)
    context.fillStyle = '#ffffff'
    context.strokeStyle = 'rgba(0, 0, 0, 0.65)'
    context.lineWidth = 1
    for (const column of [0, 0.5, 1])
      for (const row of [0, 0.5, 1]) {
        if (column === 0.5 && row === 0.5) continue
        const left = Math.round(box.x + column * box.width - HANDLE / 2)
        const top = Math.round(box.y + row * box.height - HANDLE / 2)
        context.fillRect(left, top, HANDLE, HANDLE)
        context.strokeRect(left + 0.5, top + 0.5, HANDLE - 1, HANDLE - 1)
      }
    context.restore()
  }
}
