import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { create } from 'zustand'
import './menu.css'

export interface MenuItem {
  readonly title: string
  readonly keys?: string | undefined
  readonly disabled?: boolean
  readonly danger?: boolean
  /** Draws a line above it. */
  readonly apart?: boolean
  run(): void
}

interface OpenMenu {
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly x: number
  readonly y: number
  /** Has the focus again afterwards. */
  readonly from: Element | null
}

const useMenu = create<{ readonly menu: OpenMenu | null }>()(() => ({ menu: null }))

/** Opens a menu at a point of the window, in place of any other. */
export function openMenu(label: string, items: readonly MenuItem[], at: { readonly x: number; readonly y: number }): void {
  useMenu.setState({ menu: { label, items, ...at, from: document.activeElement } })
}

/** Below an element: for buttons that open a menu. */
export function below(element: Element): { x: number; y: number } {
  const box = element.getBoundingClientRect()
  return { x: box.left, y: box.bottom + 4 }
}

/** Shows the open menu, if any. One for the whole page. */
export function Menus() {
  const menu = useMenu((state) => state.menu)
  return menu && <Menu key={`${menu.x},${menu.y}`} menu={menu} />
}

function Menu({ menu }: { readonly menu: OpenMenu }) {
  const ref = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState({ left: menu.x, top: menu.y })
  const close = () => {
    useMenu.setState({ menu: null })
    if (menu.from instanceof HTMLElement) menu.from.focus()
  }

  useLayoutEffect(() => {
    const box = ref.current?.getBoundingClientRect()
    if (box)
      setPlace({
        left: Math.max(4, Math.min(menu.x, window.innerWidth - box.width - 4)),
        top: Math.max(4, Math.min(menu.y, window.innerHeight - box.height - 4)),
      })
    ref.current?.querySelector<HTMLElement>('[role=menuitem]:not(:disabled)')?.focus()
  }, [menu])
  useEffect(() => {
    const outside = ({ target }: Event) => {
      if (target instanceof Node && !ref.current?.contains(target)) useMenu.setState({ menu: null })
    }
    document.addEventListener('pointerdown', outside, true)
    return () => document.removeEventListener('pointerdown', outside, true)
  }, [])

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      close()
      return
    }
    const items = [...(ref.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    items.at(to % items.length)?.focus()
  }
  return (
    <div ref={ref} className="menu" role="menu" aria-label={menu.label} style={place} onKeyDown={onKeyDown}>
      {menu.items.map((item) => (
        <button
          key={item.title}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={`menu-item ${item.apart ? 'apart' : ''} ${item.danger ? 'danger' : ''}`}
          disabled={item.disabled}
          // One item is lit, whether keys or a hand have come to it.
          onPointerMove={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
          onClick={() => {
            close()
            item.run()
          }}
        >
          {item.title}
          {item.keys && <kbd>{item.keys}</kbd>}
        </button>
      ))}
    </div>
  )
}
