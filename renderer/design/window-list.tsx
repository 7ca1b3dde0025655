import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'

interface WindowListProps<T> {
  readonly label: string
  readonly rows: readonly T[]
  readonly rowHeight: number
  /** A row to bring into view, whenever it becomes another one by its key. */
  readonly focusRow?: { readonly index: number; readonly key: string } | undefined
  readonly keyOf: (row: T) => string
  readonly children: (row: T, index: number) => ReactNode
}

/** Rows drawn beyond the edges, so that scrolling shows no gap. */
const SPARE = 8

/** A list of any length with rows of one height; only those in view are drawn. */
export function WindowList<T>({ label, rows, rowHeight, focusRow, keyOf, children }: WindowListProps<T>) {
  const ref = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 400 })
  const latest = useRef(focusRow)
  latest.current = focusRow
  const reveal = useCallback(() => {
    const list = ref.current
    if (!list || !latest.current) return
    const top = latest.current.index * rowHeight
    if (top < list.scrollTop) list.scrollTop = top
    else if (top + rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + rowHeight - list.clientHeight
  }, [rowHeight])
  useEffect(() => {
    const list = ref.current
    if (!list) return
    const measure = () => setView({ top: list.scrollTop, height: list.clientHeight })
    const observer = new ResizeObserver(() => {
      reveal()
      measure()
    })
    observer.observe(list)
    list.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      list.removeEventListener('scroll', measure)
    }
  }, [reveal])
  const key = focusRow?.key
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when there is something new to show.
  useEffect(reveal, [key, reveal])

  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE)
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + SPARE)
  return (
    <div ref={ref} className="window-list" style={{ overflowY: 'auto', flex: 1, minHeight: 0 }}>
      <ul aria-label={label} style={{ height: rows.length * rowHeight, position: 'relative' }}>
        {rows.slice(first, last).map((row, at) => (
          <li
            key={keyOf(row)}
            aria-setsize={rows.length}
            aria-posinset={first + at + 1}
            style={{ position: 'absolute', top: (first + at) * rowHeight, left: 0, right: 0, height: rowHeight }}
          >
            {children(row, first + at)}
          </li>
        ))}
      </ul>
    </div>
  )
}
