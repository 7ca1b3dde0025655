import { useEffect, useRef, useState } from 'react'
import './fields.css'

interface NumberFieldProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  /** Follows the number, e.g. "px". */
  readonly unit?: string | undefined
  /** Digits after the point. */
  readonly digits?: number
  readonly disabled?: boolean | undefined
  readonly id?: string
  readonly className?: string
  onChange(value: number): void
}

export const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value))

/** The nearest value that the steps from `min` reach, within the bounds. */
export function snap(value: number, min: number, max: number, step: number): number {
  const snapped = min + Math.round((value - min) / step) * step
  return clamp(Number(snapped.toFixed(10)), min, max)
}

/** Digits after the point that a step needs: 0.05 needs two. */
export const digitsOf = (step: number): number => Math.max(0, Math.min(4, -Math.floor(Math.log10(step) + 1e-9)))

/** A number that can be typed, and stepped with the arrows (Shift for tens). */
export function NumberField({ label, value, min, max, step, unit, digits, disabled, id, className = '', onChange }: NumberFieldProps) {
  const shown = value.toFixed(digits ?? digitsOf(step)) + (unit ? ` ${unit}` : '')
  const [text, setText] = useState(shown)
  const editing = useRef(false)
  useEffect(() => {
    if (!editing.current) setText(shown)
  }, [shown])

  const commit = () => {
    editing.current = false
    const typed = Number.parseFloat(text.replace(',', '.'))
    const next = Number.isFinite(typed) ? clamp(typed, min, max) : value
    setText(shown)
    if (next !== value) onChange(next)
  }
  return (
    <input
      id={id}
      className={`number-field ${className}`}
      aria-label={label}
      inputMode="decimal"
      disabled={disabled}
      value={text}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => {
        editing.current = true
        setText(event.currentTarget.value)
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          commit()
          // In a dialog Enter answers it; elsewhere the keyboard goes back to the canvas.
          if (!event.currentTarget.form) event.currentTarget.blur()
        } else if (event.key === 'Escape') {
          editing.current = false
          setText(shown)
          event.currentTarget.blur()
        } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
          event.preventDefault()
          editing.current = false
          onChange(snap(value + (event.key === 'ArrowUp' ? 1 : -1) * step * (event.shiftKey ? 10 : 1), min, max, step))
        }
      }}
    />
  )
}
