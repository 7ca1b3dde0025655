import { type ReactNode, useEffect, useRef, useState } from 'react'
import './popover.css'

interface PopoverProps {
  readonly label: string
  /** The button that opens it; it gets the handlers. */
  trigger(props: { onClick(): void; 'aria-expanded': boolean; 'aria-haspopup': 'dialog' }): ReactNode
  children(close: () => void): ReactNode
}

/** A small panel under a button. Escape, a click elsewhere, or leaving it with Tab closes it. */
export function Popover({ label, trigger, children }: PopoverProps) {
  const [open, setOpen] = useState(false)
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const elsewhere = ({ target }: Event) => {
      if (target instanceof Node && !ref.current?.contains(target)) setOpen(false)
    }
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setOpen(false)
      ref.current?.querySelector('button')?.focus()
    }
    document.addEventListener('pointerdown', elsewhere, true)
    document.addEventListener('focusin', elsewhere)
    document.addEventListener('keydown', leave, true)
    return () => {
      document.removeEventListener('pointerdown', elsewhere, true)
      document.removeEventListener('focusin', elsewhere)
      document.removeEventListener('keydown', leave, true)
    }
  }, [open])
  return (
    <div className="popover-anchor" ref={ref}>
      {trigger({ onClick: () => setOpen(!open), 'aria-expanded': open, 'aria-haspopup': 'dialog' })}
      {open && (
        <div className="popover" role="dialog" aria-label={label}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  )
}
