import { type PointerEvent, useRef, useState } from 'react'

/** Pixels of travel that make a press a drag. */
const SLACK = 4

export interface Drag {
  readonly from: number
  /** The gap it would drop into: 0 is above the first row. */
  readonly to: number
}

/**
 * Reordering rows of equal height by dragging one. `row` counts from the top of the list.
 * @param drop called with the row that was dragged and the gap it was dropped into.
 */
export function useDragOrder(count: number, rowHeight: number, drop: (from: number, gap: number) => void) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const list = useRef<HTMLDivElement>(null)

  const grab = (event: PointerEvent<HTMLElement>, from: number) => {
    if (event.button !== 0) return
    const start = event.clientY
    let current: Drag | null = null
    const move = ({ clientY }: globalThis.PointerEvent) => {
      const box = list.current?.getBoundingClientRect()
      if (!box || (!current && Math.abs(clientY - start) < SLACK)) return
      const gap = Math.round((clientY - box.top + (list.current?.scrollTop ?? 0)) / rowHeight)
      current = { from, to: Math.max(0, Math.min(count, gap)) }
      setDrag(current)
    }
    const stop = (keep: boolean) => () => {
      document.removeEventListener('pointermove', move)
      document.removeEventListener('pointerup', release)
      document.removeEventListener('pointercancel', give)
      document.removeEventListener('keydown', abandon, true)
      setDrag(null)
      if (keep && current && current.to !== from && current.to !== from + 1) drop(from, current.to)
    }
    const release = stop(true)
    const give = stop(false)
    const abandon = (press: KeyboardEvent) => {
      if (press.key !== 'Escape' || !current) return
      press.preventDefault()
      give()
    }
    document.addEventListener('pointermove', move)
    document.addEventListener('pointerup', release)
    document.addEventListener('pointercancel', give)
    document.addEventListener('keydown', abandon, true)
  }
  return { drag, list, grab }
}
