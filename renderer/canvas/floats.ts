import { type Look, placement, type Size, type Viewport } from './viewport.ts'

/** Elements that float over the canvas, where they are there. */
export interface Floats {
  readonly taskBar: () => HTMLElement | null
  readonly divider: () => HTMLElement | null
}

/** Room between the picture and what floats under it, and between that and the canvas's edge, in CSS pixels. */
const GAP = 14

/** Puts what floats over the canvas where the picture is now. */
export function placeFloats(floats: Floats, viewport: Viewport, look: Look, picture: Size | null, divider: number | null): void {
  const place = picture && placement(viewport, look, picture)
  const bar = floats.taskBar()
  const line = floats.divider()
  if (!place) {
    for (const element of [bar, line]) if (element) element.style.visibility = 'hidden'
    return
  }
  const { ratio } = viewport
  const left = Math.max(0, place.x / ratio)
  const right = Math.min(viewport.width, (place.x + place.width) / ratio)
  const top = Math.max(0, place.y / ratio)
  const bottom = Math.min(viewport.height, (place.y + place.height) / ratio)
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
    const slider = line.querySelector<HTMLElement>('[role=slider]')
    const at = (place.x + divider * place.width) / ratio - left
    if (slider) slider.style.left = `${Math.min(right - left, Math.max(0, at))}px`
    line.style.visibility = right > left && bottom > top ? 'visible' : 'hidden'
  }
}
