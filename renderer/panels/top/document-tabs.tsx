import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { closeTab, saveAs } from '../../actions/files.ts'
import { IconButton } from '../../design/button.tsx'
import { openMenu } from '../../design/menu.tsx'
import { activate, useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'

/** One tab for each open document, with how it stands on disk. */
export function DocumentTabs() {
  const open = useProject((state) => state.open)
  const active = useProject((state) => state.active)
  const list = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab in front is what there is to bring into view.
  useEffect(() => {
    list.current?.querySelector('.front')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [active])
  return (
    <nav ref={list} className="document-tabs" aria-label={words.tabs.label}>
      {open.map((state) => {
        const { id, title, path, readOnly } = state.file
        const front = id === active
        const standing = readOnly ? words.tabs.readOnly : path ? words.tabs.saved : words.tabs.unsaved
        return (
          <div key={id} className={`document-tab ${front ? 'front' : ''}`}>
            <button
              type="button"
              aria-current={front ? 'page' : undefined}
              data-tip={path ?? words.tabs.unsavedTip}
              onClick={() => activate(id)}
              onContextMenu={(event) => {
                event.preventDefault()
                openMenu(
                  title,
                  [
                    { title: words.actions['file.save-as'], run: () => void saveAs(state) },
                    { title: words.actions['file.close'], run: () => void closeTab(state) },
                  ],
                  { x: event.clientX, y: event.clientY },
                )
              }}
            >
              <span className="truncate">{title}</span>
              {front && (path || readOnly) ? (
                <span className="document-state">{standing}</span>
              ) : (
                !path && <span className="document-dot" role="img" aria-label={standing} />
              )}
            </button>
            <IconButton icon={X} size={14} label={words.tabs.close(title)} onClick={() => void closeTab(state)} />
          </div>
        )
      })}
    </nav>
  )
}
