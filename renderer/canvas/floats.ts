import { type Look, placement, type Size, type Viewport } from './viewport.ts'

/** Elements that float over the canvas, where they are there. */
export interface Floats {
  readonly taskBar: () => HTMLElement | null
  readonly divider: () => HTMLElement | null
  /** The picture's shadow, behind the canvas. */
  readonly shadow: () => HTMLElement | null
}

/** Room between the picture and what floats under it, and between that and the canvas's edge, in CSS pixels. */
const GAP = 14
/** How far the shadow of an edge out of view may still be seen, in CSS pixels. */
const SHADOW = 60

/** Room that what floats under the picture needs, in CSS pixels. */
export const roomBelow = (floats: Floats): number => {
  const height = floats.taskBar()?.offsetHeight ?? 0
  return height > 0 ? height + 2 * GAP : 0
}

/** Puts what floats over the canvas where the picture is now. */
export function placeFloats(floats: Floats, viewport: Viewport, look: Look, picture: Size | null, divider: number | null): void {
  const place = picture && placement(viewport, look, picture)
  const bar = floats.taskBar()
  const line = floats.divider()
  const shadow = floats.shadow()
  if (!place) {
    for (const element of [bar, line, shadow]) if (element) element.style.visibility = 'hidden'
    return
  }
  const { ratio } = viewport
  const left = Math.max(0, place.x / ratio)
  const right = Math.min(viewport.width, (place.x + place.width) / ratio)
  const top = Math.max(0, place.y / ratio)
  const bottom = Math.min(viewport.height, (place.y + place.height) / ratio)
  if (shadow) {
    const from = { x: Math.max(-SHADOW, place.x / ratio), y: Math.max(-SHADOW, place.y / ratio) }
    const width = Math.min(viewport.width + SHADOW, (place.x + place.width) / ratio) - from.x
    const height = Math.min(viewport.height + SHADOW, (place.y + place.height) / ratio) - from.y
    shadow.style.transform = `translate(${from.x}px, ${from.y}px)`
    shadow.style.width = `${Math.max(0, width)}px`
    shadow.style.height = `${Math.max(0, height)}px`
    shadow.style.visibility = 'visible'
  }
  if (bar) {
    const { offsetWidth: width, offsetHeight: height } = bar
    const x = Math.min(Math.max((left + right - width) / 2, GAP), Math.max(GAP, viewport.width - width - GAP))
    const y = Math.min(bottom + GAP, viewport.height - height - GAP)
    bar.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`
    bar.style.visibility = 'visible'
  }
  if (line && divider !== null) {
    line.style.transform = `translate(${left}px, ${top}px)`
    line.style.width = `${Math.max(0, right - left)}px`
    line.style.height = `${Math.max(0, bottom - top)}px`
    const x = Math.min(right - left, Math.max(0, (place.x + divider * place.width) / ratio - left))
    const slider = line.querySelector<HTMLElement>('[role=slider]')
    if (slider) slider.style.left = `${x}px`
    // A label says what is on its side of the line, or nothing.
    for (const [name, room] of [
      ['before', x],
      ['after', right - left - x],
    ] as const) {
      const label = line.querySelector<HTMLElement>(`.${name}`)
      if (label) label.style.opacity = room > label.offsetWidth + 2 * GAP ? '1' : '0'
    }
    line.style.visibility = right > left && bottom > top ? 'visible' : 'hidden'
  }
}
