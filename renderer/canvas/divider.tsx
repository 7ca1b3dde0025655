import { MoveHorizontal } from 'lucide-react'
import { forwardRef, type KeyboardEvent, type PointerEvent } from 'react'
import type { Layer } from '../../preload/contract/document.ts'
import { useView } from '../studio/view.ts'
import { canvasWords } from './canvas-words.ts'

/** How far the arrow keys move the divider, as a share of the picture's width. */
const STEP = 0.01

interface DividerProps {
  readonly layer: Layer
  readonly position: number
  /** The picture's left edge and width on the page, in CSS pixels, when asked. */
  readonly picture: () => { readonly left: number; readonly width: number }
}

/**
 * The line between before and after. It is placed by the canvas, frame by frame; here it only listens.
 * A slider like any other to the keyboard and to a screen reader.
 */
export const Divider = forwardRef<HTMLDivElement, DividerProps>(function Divider({ layer, position, picture }, ref) {
  const move = (to: number) => useView.getState().setCompare({ layer: layer.id, position: Math.min(1, Math.max(0, to)) })
  const onKeyDown = (event: KeyboardEvent) => {
    const far = event.shiftKey ? 10 : 1
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: position - STEP * far,
      ArrowDown: position - STEP * far,
      ArrowRight: position + STEP * far,
      ArrowUp: position + STEP * far,
      Home: 0,
      End: 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    move(to)
  }
  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId)
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    event.stopPropagation()
    const { left, width } = picture()
    move((event.clientX - left) / width)
  }
  return (
    <div className="divider" ref={ref} data-over-canvas>
      <span className="divider-label before">{canvasWords.before}</span>
      <span className="divider-label after">{canvasWords.after(layer)}</span>
      <div
        className="divider-line"
        role="slider"
        tabIndex={0}
        aria-label={canvasWords.divider}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(position * 100)}
        aria-valuetext={canvasWords.dividerAt(position)}
        onKeyDown={onKeyDown}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
      >
        <span className="divider-knob">
          <MoveHorizontal size={16} strokeWidth={1.75} aria-hidden />
        </span>
      </div>
    </div>
  )
})
