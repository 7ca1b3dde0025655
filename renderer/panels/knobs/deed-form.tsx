import type { ReactNode } from 'react'

interface DeedFormProps {
  readonly children: ReactNode
  /** The button that begins it: in reach however long the rest is. */
  readonly foot: ReactNode
  /** What Ctrl or Command with Enter does from any field. */
  onSubmit?(): void
}

/** A panel of knobs that scrolls, and below it what begins the work. */
export function DeedForm({ children, foot, onSubmit }: DeedFormProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys only repeat what the button at the foot does.
    <div
      className="deed"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSubmit?.()
      }}
    >
      <div className="deed-scroll">{children}</div>
      {foot}
    </div>
  )
}
