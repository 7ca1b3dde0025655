import type { StrokePoint } from '../../preload/contract/command.ts'
import { toolOf } from '../tools/index.ts'
import type { Modifiers, Tool, ToolEvent } from '../tools/tool.ts'
import type { Conductor } from './conductor.ts'
import { Pinch } from './pinch.ts'
import type { Point } from './viewport.ts'

export interface GestureOptions {
  readonly conductor: Conductor
  /** The tool in hand. */
  readonly tool: () => Tool
  /** From CSS pixels of the canvas to document pixels; null without a document. */
  readonly toDocument: (screen: Point) => Point | null
  readonly pan: (dx: number, dy: number) => void
  readonly zoomBy: (factor: number, at: Point) => void
  /** A gesture goes on. `at` is when the hand moved, on the clock of `performance.now`. */
  readonly dragged: (at: number) => void
  /** The pointer has moved, or left: null. `isPanning` while Space or the middle button holds the hand. */
  readonly hovered: (screen: Point | null, modifiers: Modifiers, isPanning: boolean) => void
}

const modifiersOf = (event: MouseEvent | KeyboardEvent): Modifiers => ({
  shift: event.shiftKey,
  alt: event.altKey,
  mod: event.ctrlKey || event.metaKey,
})

/** Least pressure a pen on the screen counts with. */
const LIGHTEST = 0.02
/** Buttons a gesture can begin with: the first, the middle one, and a pen that is turned round. */
const ERASER_END = 5
const HANDLED: ReadonlySet<number> = new Set([0, 1, ERASER_END])
/** CSS pixels a notch of the wheel moves where it counts in lines. */
const LINE = 16
/** Zoom per CSS pixel of wheel; a pinch counts in much smaller steps. */
const WHEEL_ZOOM = 0.002
const PINCH_ZOOM = 0.012
/** A mouse wheel moves at least so far at once; a pinch does not. */
const NOTCH = 40

/** Is it over something that floats above the canvas? */
const isAbove = ({ target }: Event): boolean => target instanceof Element && target.closest('[data-over-canvas]') !== null

/** Listens on the canvas until the returned function is called: pointer, wheel and Space. */
export function listenForGestures(canvas: HTMLElement, options: GestureOptions): () => void {
  const { conductor } = options
  const listening = new AbortController()
  const { signal } = listening
  let pointer: number | null = null
  let isSpaceHeld = false
  let isPanning = false
  let last: Point | null = null
  const pinch = new Pinch({
    began: () => {
      pointer = null
      conductor.cancel()
    },
    pan: options.pan,
    zoomBy: options.zoomBy,
  })

  const screenOf = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const pointOf = (event: PointerEvent): StrokePoint => {
    const at = options.toDocument(screenOf(event)) ?? { x: 0, y: 0 }
    // Only a pen knows pressure; the others report some constant.
    return [at.x, at.y, event.pointerType === 'pen' ? Math.max(LIGHTEST, event.pressure) : 1]
  }
  const toolEvent = (type: 'press' | 'drag' | 'release', event: PointerEvent, points: readonly StrokePoint[]): ToolEvent => {
    const screen = screenOf(event)
    return { type, at: options.toDocument(screen) ?? { x: 0, y: 0 }, screen, points, modifiers: modifiersOf(event) }
  }
  const hover = (event: PointerEvent | KeyboardEvent) => options.hovered(last, modifiersOf(event), isSpaceHeld || isPanning)

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (isAbove(event)) return
      if (event.pointerType === 'touch' && pinch.down(event.pointerId, screenOf(event))) return
      if (pointer !== null || !HANDLED.has(event.button)) return
      canvas.focus({ preventScroll: true })
      // A ring around the canvas helps the keyboard; under a pen it would only be in the way.
      canvas.dataset.pointed = ''
      if (event.button === 1) event.preventDefault()
      if (!options.toDocument(screenOf(event))) return
      pointer = event.pointerId
      canvas.setPointerCapture(pointer)
      isPanning = event.button === 1 || isSpaceHeld
      last = screenOf(event)
      const tool = event.button === ERASER_END ? toolOf('eraser') : options.tool()
      conductor.press(isPanning ? toolOf('hand') : tool, toolEvent('press', event, [pointOf(event)]))
      hover(event)
    },
    { signal },
  )

  const moved = (event: PointerEvent) => {
    if (event.pointerType === 'touch' && pinch.move(event.pointerId, screenOf(event))) return
    if (event.pointerId !== pointer) return
    options.dragged(event.timeStamp)
    const parts = event.getCoalescedEvents()
    conductor.drag(toolEvent('drag', event, (parts.length > 0 ? parts : [event]).map(pointOf)))
  }
  // Raw updates come as soon as the hand moves, not once a frame.
  const raw = 'onpointerrawupdate' in canvas
  if (raw) canvas.addEventListener('pointerrawupdate', (event) => moved(event as PointerEvent), { signal })
  canvas.addEventListener(
    'pointermove',
    (event) => {
      if (!raw) moved(event)
      last = pointer === null && isAbove(event) ? null : screenOf(event)
      hover(event)
    },
    { signal },
  )
  canvas.addEventListener(
    'pointerup',
    (event) => {
      pinch.up(event.pointerId)
      if (event.pointerId !== pointer) return
      pointer = null
      // A pen that has left presses no more: its last point was the last drag.
      conductor.release(toolEvent('release', event, event.pointerType === 'pen' ? [] : [pointOf(event)]))
      isPanning = false
      hover(event)
    },
    { signal },
  )
  const lost = (event: PointerEvent) => {
    pinch.up(event.pointerId)
    if (event.pointerId !== pointer) return
    pointer = null
    isPanning = false
    conductor.cancel()
  }
  canvas.addEventListener('pointercancel', lost, { signal })
  canvas.addEventListener('lostpointercapture', lost, { signal })
  canvas.addEventListener(
    'pointerleave',
    (event) => {
      last = null
      hover(event)
    },
    { signal },
  )

  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit]
      if (event.ctrlKey || event.metaKey || event.altKey) {
        const rate = Math.abs(dy) < NOTCH ? PINCH_ZOOM : WHEEL_ZOOM
        options.zoomBy(Math.exp(-dy * rate), screenOf(event))
      } else if (event.shiftKey && dx === 0) options.pan(dy, 0)
      else options.pan(dx, dy)
    },
    { signal, passive: false },
  )

  canvas.addEventListener('blur', () => delete canvas.dataset.pointed, { signal })

  const space = (event: KeyboardEvent, isDown: boolean) => {
    const { target } = event
    if (event.code !== 'Space') {
      if (event.key === 'Alt' || event.key === 'Shift' || event.key === 'Control' || event.key === 'Meta') hover(event)
      return
    }
    // Over the canvas Space is the hand, whatever button was pressed last; a field to type in keeps it.
    const isTyped = target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog, [role=menu]') !== null
    const isOurs = !isTyped && (target === document.body || target === canvas || last !== null)
    if (isDown && !isOurs) return
    if (isOurs) event.preventDefault()
    isSpaceHeld = isDown
    hover(event)
  }
  window.addEventListener('keydown', (event) => space(event, true), { signal })
  window.addEventListener('keyup', (event) => space(event, false), { signal })
  window.addEventListener(
    'blur',
    () => {
      isSpaceHeld = false
    },
    { signal },
  )
  return () => listening.abort()
}
