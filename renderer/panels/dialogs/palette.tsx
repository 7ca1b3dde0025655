import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { actions } from '../../actions/index.ts'
import { readable } from '../../actions/keys.ts'
import { words } from '../../words/en.ts'
import { ranked } from './ranked.ts'

/** Everything that can be done, found by its words. */
export function Palette({ onClose }: { onClose(): void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const list = useMemo(
    () =>
      ranked(
        actions.filter((action) => action.enabled?.() ?? true),
        text,
      ),
    [text],
  )
  const chosen = list[Math.min(at, list.length - 1)]
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  useEffect(() => {
    if (chosen) document.getElementById(`${id}-${chosen.id}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen, id])

  const perform = (action: (typeof list)[number] | undefined) => {
    if (!action) return
    onClose()
    action.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (by) {
      event.preventDefault()
      setAt((Math.min(at, list.length - 1) + by + list.length) % Math.max(1, list.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      perform(chosen)
    }
  }
  return (
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label={words.palette.label}
      onCancel={onClose}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      onKeyDown={onKeyDown}
    >
      <input
        className="palette-field"
        role="combobox"
        aria-label={words.palette.label}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen && `${id}-${chosen.id}`}
        placeholder={words.palette.placeholder}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
      />
      <div id={`${id}-list`} className="palette-list" role="listbox" aria-label={words.palette.label}>
        {list.map((action) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keyboard; Enter does the chosen one.
          <div
            key={action.id}
            id={`${id}-${action.id}`}
            role="option"
            tabIndex={-1}
            className="palette-row"
            aria-selected={action === chosen}
            onClick={() => perform(action)}
            onPointerMove={() => setAt(list.indexOf(action))}
          >
            <span className="truncate">{action.title}</span>
            <span className="palette-group">{words.groups[action.group]}</span>
            <kbd>{action.keys?.[0] && readable(action.keys[0])}</kbd>
          </div>
        ))}
      </div>
      {list.length === 0 && <p className="palette-none">{words.palette.none}</p>}
    </dialog>
  )
}
