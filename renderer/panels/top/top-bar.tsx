import { Command, Contrast, Moon, Plus, Redo2, Sun, SunMoon, Undo2 } from 'lucide-react'
import { keysOf, perform } from '../../actions/index.ts'
import { IconButton } from '../../design/button.tsx'
import { below, openMenu } from '../../design/menu.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { type Theme, useShell } from '../shell.ts'
import { DocumentTabs } from './document-tabs.tsx'
import { EngineChip } from './engine-chip.tsx'
import { JobsChip } from './jobs-chip.tsx'
import './top-bar.css'

const THEME_ICONS = { system: SunMoon, dark: Moon, light: Sun, contrast: Contrast } as const

/** The top of the window: the documents, undo and redo, the palette, the engine, the jobs. */
export function TopBar() {
  const canUndo = useProject(({ state }) => state?.head.canUndo ?? false)
  const canRedo = useProject(({ state }) => state?.head.canRedo ?? false)
  const connection = useProject((state) => state.connection)
  const show = useShell((state) => state.show)
  return (
    <header className="top-bar">
      <span className="mark" role="img" aria-label={words.app} />
      <DocumentTabs />
      <IconButton
        icon={Plus}
        label={words.tabs.more}
        onClick={(event) =>
          openMenu(
            words.tabs.more,
            ['file.new', 'file.open'].map((id) => ({
              title: words.actions[id as 'file.new'],
              keys: keysOf(id),
              run: () => perform(id),
            })),
            below(event.currentTarget),
          )
        }
      />
      <span className="top-space" />
      <span role="status" className={connection === 'open' ? 'sr-only' : 'chip bad'}>
        {connection === 'lost' ? words.top.lost : connection === 'connecting' ? words.top.connecting : ''}
      </span>
      <IconButton
        className="chip"
        icon={Undo2}
        label={words.actions['edit.undo']}
        keys={keysOf('edit.undo')}
        disabled={!canUndo}
        onClick={() => perform('edit.undo')}
      />
      <IconButton
        className="chip"
        icon={Redo2}
        label={words.actions['edit.redo']}
        keys={keysOf('edit.redo')}
        disabled={!canRedo}
        onClick={() => perform('edit.redo')}
      />
      <button type="button" className="chip" onClick={() => show({ kind: 'palette' })}>
        <Command size={14} strokeWidth={1.75} aria-hidden />
        <span className="chip-words">{words.top.palette}</span>
        <kbd>{keysOf('help.palette')}</kbd>
      </button>
      <EngineChip />
      <JobsChip />
      <ThemeButton />
    </header>
  )
}

function ThemeButton() {
  const theme = useShell((state) => state.theme)
  const setTheme = useShell((state) => state.setTheme)
  return (
    <IconButton
      icon={THEME_ICONS[theme]}
      label={words.top.theme}
      tip={`${words.top.theme}: ${words.themes[theme]}`}
      aria-haspopup="menu"
      onClick={(event) =>
        openMenu(
          words.top.theme,
          (Object.keys(words.themes) as Theme[]).map((id) => ({ title: words.themes[id], run: () => setTheme(id) })),
          below(event.currentTarget),
        )
      }
    />
  )
}
