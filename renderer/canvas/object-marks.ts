import { Shape } from 'konva/lib/Shape.js'
import type { Document } from '../../preload/contract/document.ts'
import { HUES, type PickedObject } from '../studio/objects.ts'
import { type Look, placement, toScreen, type Viewport } from './viewport.ts'

const DASH = [6, 4]
/** Dash and gap: from here on the pattern is where it was. */
export const DASH_LENGTH = 10
/** Distance of the lines that hatch what is not shown, across both of its axes; in CSS pixels. */
const HATCH = 16
/** A dark and a light line side by side: one of them shows on any colour, and together they change none. */
const HATCH_TONES = ['rgba(0, 0, 0, 0.24)', 'rgba(255, 255, 255, 0.24)'] as const
/** Dark below the colour, so that one of both shows on any picture. */
const SHADE = 'rgba(0, 0, 0, 0.6)'
/** CSS pixels around a label's words. */
const PAD = 7
const LABEL_HEIGHT = 20
/** Words on a label before they are cut. */
const LABEL_LETTERS = 32

type Context = CanvasRenderingContext2D

interface Place {
  readonly viewport: Viewport
  readonly look: Look
  readonly document: Document
}

/**
 * The objects over the picture: an outline in two tones that walks, and a number with their words. Nothing is laid over what they show, so
 * that its colours are true; where it matters what is left out, that is hatched.
 */
export class ObjectMarks {
  readonly shape: Shape
  #objects: readonly PickedObject[] = []
  #active: number | null = null
  /** What a gesture is drawing: a closed line in document pixels. */
  #drawing: readonly number[] | null = null
  #colors: readonly string[] = []
  #font = '500 11px sans-serif'
  #at: Place | null = null
  #isHatched = false
  #hatch: { readonly pattern: CanvasPattern; readonly ratio: number } | null = null
  /** How far the dashes have walked, in CSS pixels. */
  #walked = 0

  constructor() {
    this.shape = new Shape({ listening: false, perfectDrawEnabled: false, sceneFunc: ({ _context }) => this.#draw(_context) })
  }

  /** Takes its colours from the page's style. */
  restyle(style: CSSStyleDeclaration): void {
    this.#colors = Array.from({ length: HUES }, (_, hue) => style.getPropertyValue(`--object-${hue + 1}`).trim() || '#5cc8c2')
    this.#font = `500 11px ${style.fontFamily}`
  }

  /** @param isHatched shows what the objects leave out. */
  show(objects: readonly PickedObject[], active: number | null, isHatched: boolean): void {
    this.#objects = objects
    this.#active = active
    this.#isHatched = isHatched
  }

  /** Is there an outline that could walk? */
  get hasOutlines(): boolean {
    return this.#objects.length > 0
  }

  /** Lets the dashes walk on by a CSS pixel. */
  walk(): void {
    this.#walked = (this.#walked + 1) % DASH_LENGTH
  }

  drawing(line: readonly number[] | null): void {
    this.#drawing = line
  }

  place(viewport: Viewport, look: Look, document: Document | null): void {
    this.#at = document && { viewport, look, document }
  }

  #draw(context: Context): void {
    if (!this.#at) return
    context.save()
    context.lineJoin = 'round'
    if (this.#isHatched) this.#hatchRest(context, this.#at)
    for (const [at, object] of this.#objects.entries()) this.#object(context, object, at)
    if (this.#drawing) this.#outline(context, [this.#drawing], '#ffffff', 1)
    context.restore()
  }

  #object(context: Context, object: PickedObject, at: number): void {
    const color = this.#colors[object.hue] ?? '#5cc8c2'
    const isActive = object.id === this.#active
    if (object.outline) this.#outline(context, object.outline, color, isActive ? 2 : 1.25)
    const { region } = object
    if (region.from === 'thing' && (isActive || !object.outline)) {
      for (const point of region.on) this.#dot(context, point, color, true)
      for (const point of region.beside) this.#dot(context, point, color, false)
    }
    const corner = this.#topOf(object)
    if (corner) this.#label(context, corner, `${at + 1}${object.becomes ? `  ${short(object.becomes)}` : ''}`, color)
  }

  #trace(context: Context, lines: readonly (readonly number[])[]): void {
    for (const line of lines) {
      for (let i = 0; i + 1 < line.length; i += 2) {
        const { x, y } = this.#screen(line[i] ?? 0, line[i + 1] ?? 0)
        if (i === 0) context.moveTo(x, y)
        else context.lineTo(x, y)
      }
      context.closePath()
    }
  }

  #outline(context: Context, lines: readonly (readonly number[])[], color: string, width: number): void {
    context.beginPath()
    this.#trace(context, lines)
    context.setLineDash([])
    context.lineWidth = width + 1.5
    context.strokeStyle = SHADE
    context.stroke()
    context.setLineDash(DASH)
    context.lineDashOffset = -this.#walked
    context.lineWidth = width
    context.strokeStyle = color
    context.stroke()
    context.setLineDash([])
  }

  /** Hatches the picture but for the objects, once all of them have an outline. */
  #hatchRest(context: Context, { viewport, look, document }: Place): void {
    const shown = this.#objects.flatMap(({ outline }) => (outline ? [outline] : []))
    // What is still looked for is not left out.
    if (shown.length === 0 || shown.length < this.#objects.length) return
    const { x, y, width, height } = placement(viewport, look, document)
    const { ratio } = viewport
    if (this.#hatch?.ratio !== ratio) this.#hatch = hatchOf(context, ratio)
    if (!this.#hatch) return
    context.save()
    // What lies outside of each lies outside of all.
    for (const outline of shown) {
      context.beginPath()
      context.rect(x / ratio, y / ratio, width / ratio, height / ratio)
      this.#trace(context, outline)
      context.clip('evenodd')
    }
    context.fillStyle = this.#hatch.pattern
    context.fillRect(0, 0, viewport.width, viewport.height)
    context.restore()
  }

  /** A full dot on the thing, a hollow one beside it. */
  #dot(context: Context, [x, y]: readonly [number, number], color: string, isOn: boolean): void {
    const at = this.#screen(x, y)
    context.beginPath()
    context.arc(at.x, at.y, 4.5, 0, 2 * Math.PI)
    context.fillStyle = isOn ? color : SHADE
    context.fill()
    context.lineWidth = 1.5
    context.strokeStyle = isOn ? '#ffffff' : color
    context.stroke()
  }

  #label(context: Context, { x, y }: { readonly x: number; readonly y: number }, words: string, color: string): void {
    context.font = this.#font
    const width = context.measureText(words).width + 2 * PAD
    const { viewport } = this.#at as Place
    const left = Math.min(Math.max(4, x - width / 2), viewport.width - width - 4)
    const top = Math.min(Math.max(4, y - LABEL_HEIGHT - 5), viewport.height - LABEL_HEIGHT - 4)
    context.beginPath()
    context.roundRect(left, top, width, LABEL_HEIGHT, LABEL_HEIGHT / 2)
    context.fillStyle = 'rgba(0, 0, 0, 0.78)'
    context.fill()
    context.fillStyle = color
    context.textBaseline = 'middle'
    context.fillText(words, left + PAD, top + LABEL_HEIGHT / 2 + 0.5)
  }

  /** The middle of an object's upper edge, on the screen. */
  #topOf({ outline, region }: PickedObject): { x: number; y: number } | null {
    const line = outline?.reduce<readonly number[]>((longest, other) => (other.length > longest.length ? other : longest), [])
    if (line && line.length > 0) {
      let [left, right, top] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      for (let i = 0; i + 1 < line.length; i += 2) {
        left = Math.min(left, line[i] ?? 0)
        right = Math.max(right, line[i] ?? 0)
        top = Math.min(top, line[i + 1] ?? 0)
      }
      return this.#screen((left + right) / 2, top)
    }
    const [point] = region.from === 'thing' ? region.on : []
    return point ? this.#screen(point[0], point[1] - 6) : null
  }

  #screen(x: number, y: number): { x: number; y: number } {
    const { viewport, look, document } = this.#at as Place
    return toScreen(viewport, look, document, { x, y })
  }
}

const short = (words: string): string => (words.length > LABEL_LETTERS ? `${words.slice(0, LABEL_LETTERS - 1)}…` : words)

/** Diagonal lines on a square that fits its neighbours, in device pixels. */
function hatchOf(context: Context, ratio: number): { readonly pattern: CanvasPattern; readonly ratio: number } | null {
  const side = Math.round(HATCH * ratio)
  const tile = new OffscreenCanvas(side, side).getContext('2d')
  if (!tile) return null
  tile.lineWidth = ratio
  for (const [at, tone] of HATCH_TONES.entries()) {
    tile.strokeStyle = tone
    tile.beginPath()
    for (const shift of [-side, 0, side]) {
      tile.moveTo(shift + at * ratio * Math.SQRT2, side + 1)
      tile.lineTo(shift + at * ratio * Math.SQRT2 + side + 1, 0)
    }
    tile.stroke()
  }
  const pattern = context.createPattern(tile.canvas, 'repeat')
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio))
  return pattern && { pattern, ratio }
}
