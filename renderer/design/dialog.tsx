import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { words } from '../words/en.ts'
import { IconButton } from './button.tsx'
import './dialog.css'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  /** The buttons at its foot, the likeliest last. */
  readonly actions?: ReactNode
  readonly wide?: boolean
  onClose(): void
  onSubmit?(): void
}

/** A question in front of everything else. Escape closes it, Enter does what its last button does. */
export function Dialog({ title, children, actions, wide = false, onClose, onSubmit }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    ref.current?.showModal()
    // A question begins with what is asked, not with the way out.
    ref.current?.querySelector<HTMLElement>('.dialog-body input, .dialog-body select')?.focus()
  }, [])
  return (
    <dialog ref={ref} className={`dialog ${wide ? 'wide' : ''}`} aria-labelledby={id} onCancel={onClose} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit?.()
        }}
      >
        <header className="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon={X} label={words.dialog.close} onClick={onClose} />
        </header>
        <div className="dialog-body">{children}</div>
        {actions && <footer className="dialog-foot">{actions}</footer>}
      </form>
    </dialog>
  )
}
