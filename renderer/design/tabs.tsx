import { ChevronDown, ChevronRight } from 'lucide-react'
import { type CSSProperties, type KeyboardEvent, type ReactNode, useId } from 'react'
import { IconButton } from './button.tsx'
import './tabs.css'

interface TabsProps<T extends string> {
  readonly label: string
  readonly tabs: readonly { readonly id: T; readonly title: string; readonly count?: number }[]
  readonly active: T
  readonly children: ReactNode
  /** Stands at the right end of the row of tabs. */
  readonly aside?: ReactNode
  readonly className?: string
  readonly style?: CSSProperties
  /** Where the panel can be folded away: is it, and what the button is called that folds it or shows it again. */
  readonly fold?: { readonly isFolded: boolean; readonly label: string; onFold(isFolded: boolean): void }
  onSelect(id: T): void
}

/** A row of tabs and the panel of the active one. Arrows move between tabs. */
export function Tabs<T extends string>({ label, tabs, active, children, aside, className = '', style, fold, onSelect }: TabsProps<T>) {
  const id = useId()
  const isFolded = fold?.isFolded ?? false
  // Whoever chooses a tab wants to see it.
  const select = (tab: T) => {
    if (isFolded) fold?.onFold(false)
    onSelect(tab)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!direction) return
    const next = tabs[(tabs.findIndex((tab) => tab.id === active) + direction + tabs.length) % tabs.length]
    if (!next) return
    event.preventDefault()
    select(next.id)
    document.getElementById(`${id}-${next.id}`)?.focus()
  }
  return (
    <section className={`tabs ${className} ${isFolded ? 'folded' : ''}`} style={isFolded ? undefined : style} aria-label={label}>
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
              aria-controls={tab.id === active && !isFolded ? `${id}-panel` : undefined}
              tabIndex={tab.id === active ? 0 : -1}
              onClick={() => select(tab.id)}
            >
              {tab.title}
              {tab.count ? <span className="tab-count">{tab.count}</span> : null}
            </button>
          ))}
        </div>
        <div className="tab-aside">
          {!isFolded && aside}
          {fold && (
            <IconButton
              icon={isFolded ? ChevronRight : ChevronDown}
              size={14}
              label={fold.label}
              aria-expanded={!isFolded}
              onClick={() => fold.onFold(!isFolded)}
            />
          )}
        </div>
      </div>
      {!isFolded && (
        <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${active}`} className="tab-panel">
          {children}
        </div>
      )}
    </section>
  )
}
