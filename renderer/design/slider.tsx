import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { clamp, NumberField, snap } from './number-field.tsx'
import './slider.css'

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly initial?: number | undefined
  readonly unit?: string
  readonly digits?: number
  readonly tip?: string | undefined
  readonly disabled?: boolean
  readonly compact?: boolean
  /** How the track maps to values, where even steps would not feel even: both ways between a value and 0..1. */
  readonly scale?: { to(value: number): number; from(share: number): number }
  /** Every value on the way. */
  onChange?(value: number): void
  /** The value the artist settles on. */
  onCommit?(value: number): void
}

const ARROWS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }

/**
 * A value between two bounds. It can be dragged, typed, stepped with the arrows (Shift for tens),
 * scrubbed on its label, and set back by a double click.
 */
export function Slider(props: SliderProps) {
  const { label, min, max, step, initial, unit, digits, tip, disabled = false, compact = false, scale, onChange, onCommit } = props
  const [held, setHeld] = useState<number | null>(null)
  const scrub = useRef<{ x: number; value: number } | null>(null)
  const value = held ?? props.value

  const shareOf = (at: number) => (scale ? scale.to(at) : (at - min) / (max - min))
  const valueAt = (share: number) => (scale ? scale.from(clamp(share, 0, 1)) : min + share * (max - min))
  const move = (next: number) => {
    const snapped = snap(next, min, max, step)
    setHeld(snapped)
    onChange?.(snapped)
  }
  const settle = (next = value) => {
    setHeld(null)
    if (next !== props.value || held !== null) onCommit?.(next)
  }
  const set = (next: number) => {
    onChange?.(next)
    settle(next)
  }
  // Held down, an arrow goes on; what it reaches is settled when it is let go.
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key]
    if (direction === undefined) return
    event.preventDefault()
    move(value + direction * step * (event.shiftKey ? 10 : 1))
  }
  const onScrubMove = (event: PointerEvent) => {
    if (!scrub.current) return
    // Two hundred pixels of travel cross the whole range.
    move(valueAt(shareOf(scrub.current.value) + (event.clientX - scrub.current.x) / 200))
  }
  const fill = `${(clamp(shareOf(value), 0, 1) * 100).toFixed(2)}%`

  return (
    <div className={`slider ${compact ? 'compact' : ''}`} data-tip={tip}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: scrubbing is a second way to what the slider beside it does by keyboard. */}
      <span
        className="slider-label truncate"
        onPointerDown={(event) => {
          if (disabled) return
          event.currentTarget.setPointerCapture(event.pointerId)
          scrub.current = { x: event.clientX, value }
        }}
        onPointerMove={onScrubMove}
        onPointerUp={() => {
          scrub.current = null
          settle()
        }}
        onDoubleClick={() => initial !== undefined && set(initial)}
      >
        {label}
      </span>
      <input
        type="range"
        aria-label={label}
        min={scale ? 0 : min}
        max={scale ? 1 : max}
        step={scale ? 'any' : step}
        value={scale ? shareOf(value) : value}
        aria-valuetext={`${value}${unit ? ` ${unit}` : ''}`}
        disabled={disabled}
        style={{ '--fill': fill } as CSSProperties}
        onChange={(event) => move(scale ? valueAt(event.currentTarget.valueAsNumber) : event.currentTarget.valueAsNumber)}
        onPointerUp={() => settle()}
        onBlur={() => held !== null && settle()}
        onKeyDown={onKeyDown}
        onKeyUp={(event) => event.key in ARROWS && settle()}
        onDoubleClick={() => initial !== undefined && set(initial)}
      />
      <NumberField
        label={`${label}, number`}
        value={value}
        min={min}
        max={max}
        step={step}
        unit={unit}
        {...(digits === undefined ? {} : { digits })}
        disabled={disabled}
        onChange={set}
      />
    </div>
  )
}
