import { type KeyboardEvent, type ReactNode, useId } from 'react'
import './tabs.css'

interface TabsProps<T extends string> {
  readonly label: string
  readonly tabs: readonly { readonly id: T; readonly title: string; readonly count?: number }[]
  readonly active: T
  readonly children: ReactNode
  /** Stands at the right end of the row of tabs. */
  readonly aside?: ReactNode
  readonly className?: string
  onSelect(id: T): void
}

/** A row of tabs and the panel of the active one. Arrows move between tabs. */
export function Tabs<T extends string>({ label, tabs, active, children, aside, className = '', onSelect }: TabsProps<T>) {
  const id = useId()
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!direction) return
    const next = tabs[(tabs.findIndex((tab) => tab.id === active) + direction + tabs.length) % tabs.length]
    if (!next) return
    event.preventDefault()
    onSelect(next.id)
    document.getElementById(`${id}-${next.id}`)?.focus()
  }
  return (
    <section className={`tabs ${className}`} aria-label={label}>
      <div className="tab-row">
        <div role="tablist" aria-label={label} className="tab-list" onKeyDown={onKeyDown}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              id={`${id}-${tab.id}`}
              type="button"
              role="tab"
              className="tab"
              aria-selected={tab.id === active}
              aria-controls={tab.id === active ? `${id}-panel` : undefined}
              tabIndex={tab.id === active ? 0 : -1}
              onClick={() => onSelect(tab.id)}
            >
              {tab.title}
              {tab.count ? <span className="tab-count">{tab.count}</span> : null}
            </button>
          ))}
        </div>
        {aside && <div className="tab-aside">{aside}</div>}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${active}`} className="tab-panel">
        {children}
      </div>
    </section>
  )
}
