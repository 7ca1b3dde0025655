import { type KeyboardEvent, useMemo, useState } from 'react'
import type { BranchId } from '../../../preload/contract/ids.ts'
import { WindowList } from '../../design/window-list.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import './history.css'
import { HistoryLine } from './history-line.tsx'
import { type HistoryRow, historyRows } from './rows.ts'

const ROW = 30
const NO_BRANCHES: ReadonlySet<BranchId> = new Set()

const keyOf = (row: HistoryRow): string => (row.kind === 'revision' ? `revision ${row.revision.id}` : `branch ${row.branch.id}`)

/** The tree of revisions: the trunk is the way to now, side branches are variations. */
export function History() {
  const head = useProject(({ state }) => state?.head)
  const revisions = useProject(({ state }) => state?.revisions)
  const branches = useProject(({ state }) => state?.branches)
  const project = useProject(({ active }) => active)
  const [open, setOpen] = useState<ReadonlySet<BranchId>>(NO_BRANCHES)
  const rows = useMemo(
    () => (head && revisions && branches ? historyRows({ head, revisions, branches }, open) : []),
    [head, revisions, branches, open],
  )
  if (!project) return null
  const toggle = (branch: BranchId) =>
    setOpen((before) => new Set(before.has(branch) ? [...before].filter((other) => other !== branch) : [...before, branch]))
  const index = rows.findIndex((row) => row.kind === 'revision' && row.place === 'now')
  const now = index < 0 ? undefined : { index, key: `${project} ${head?.revision}` }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('.history-jump')]
    lines[lines.indexOf(document.activeElement as HTMLElement) + by]?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows only move between the buttons within.
    <div className="history" onKeyDown={onKeyDown}>
      <WindowList label={words.history.label} rows={rows} rowHeight={ROW} focusRow={now} keyOf={keyOf}>
        {(row, at) => <HistoryLine row={row} project={project} first={at === 0} last={at === rows.length - 1} onToggle={toggle} />}
      </WindowList>
    </div>
  )
}
