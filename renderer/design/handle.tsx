import type { KeyboardEvent, PointerEvent } from 'react'
import './handle.css'

interface HandleProps {
  readonly label: string
  /** The side it changes: a width, or a height. */
  readonly axis: 'width' | 'height'
  /** Where what it changes lies: before it (left of it, above it) or after it. */
  readonly of: 'before' | 'after'
  /** In CSS pixels; null while it takes what it needs. */
  readonly value: number | null
  readonly min: number
  readonly max: number
  /** Said while the value is null. */
  readonly automatic: string
  /** How large it is now and how large it could be, asked when a drag begins or an arrow is pressed. */
  measure(handle: HTMLElement): { readonly size: number; readonly most: number }
  onChange(value: number): void
  /** A double click, or Enter: back to what it was in the beginning. */
  onReset(): void
}

/** Pixels that an arrow moves it by. */
const STRIDE = 8
const ARROWS = { width: { ArrowLeft: -1, ArrowRight: 1 }, height: { ArrowUp: -1, ArrowDown: 1 } } as const

/** An edge between two parts of the window that can be dragged, or moved with the arrows. */
export function Handle({ label, axis, of, value, min, max, automatic, measure, onChange, onReset }: HandleProps) {
  const sign = of === 'before' ? 1 : -1
  const change = (next: number, most: number) => onChange(Math.round(Math.max(min, Math.min(most, next))))
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const handle = event.currentTarget
    const place = ({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }) => (axis === 'width' ? clientX : clientY)
    const start = place(event)
    const { size, most } = measure(handle)
    handle.setPointerCapture(event.pointerId)
    handle.onpointermove = (move) => change(size + sign * (place(move) - start), most)
    handle.onpointerup = handle.onpointercancel = () => {
      handle.onpointermove = null
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = (ARROWS[axis] as Readonly<Record<string, number>>)[event.key]
    if (!by && event.key !== 'Enter') return
    event.preventDefault()
    if (!by) {
      onReset()
      return
    }
    const { size, most } = measure(event.currentTarget)
    change(size + sign * by * STRIDE * (event.shiftKey ? 4 : 1), most)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be dragged.
    <div
      className={`handle ${axis}`}
      role="separator"
      aria-orientation={axis === 'width' ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuenow={value ?? min}
      aria-valuetext={value === null ? automatic : `${value} px`}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={onReset}
    />
  )
}
