import { ChevronDown, ChevronRight, Flag, GitBranch } from 'lucide-react'
import type { MouseEvent } from 'react'
import type { Revision } from '../../../preload/contract/event.ts'
import type { BranchId, ProjectId } from '../../../preload/contract/ids.ts'
import { IconButton } from '../../design/button.tsx'
import { openMenu } from '../../design/menu.tsx'
import { blobUrl } from '../../studio/client.ts'
import { run } from '../../studio/project.ts'
import { moment } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'
import { useShell } from '../shell.ts'
import type { HistoryRow } from './rows.ts'

interface HistoryLineProps {
  readonly row: HistoryRow
  readonly project: ProjectId
  readonly first: boolean
  readonly last: boolean
  readonly onToggle: (branch: BranchId) => void
}

/** One row of the history: a revision, or a variation folded up. */
export function HistoryLine({ row, project, first, last, onToggle }: HistoryLineProps) {
  return row.kind === 'revision' ? (
    <RevisionLine row={row} project={project} first={first} last={last} />
  ) : (
    <VariationLine row={row} project={project} onToggle={onToggle} />
  )
}

/** Where the small picture of a revision is, once it was made. */
const pictureOf = (project: ProjectId, { thumbnail }: Revision): string | undefined =>
  thumbnail ? blobUrl(project, thumbnail, { type: 'image/png' }) : undefined

const jump = (revision: Revision) => void run({ type: 'history.jump', revision: revision.id })

function Picture({ project, revision }: { readonly project: ProjectId; readonly revision: Revision }) {
  return (
    <span className="history-picture checker">
      {revision.thumbnail && <img src={pictureOf(project, revision)} alt="" loading="lazy" draggable={false} />}
    </span>
  )
}

function RevisionLine({
  row,
  project,
  first,
  last,
}: {
  readonly row: Extract<HistoryRow, { kind: 'revision' }>
  readonly project: ProjectId
  readonly first: boolean
  readonly last: boolean
}) {
  const { revision, depth, place } = row
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault()
    const { show } = useShell.getState()
    openMenu(
      revision.label,
      [
        { title: words.history.jump, disabled: place === 'now', run: () => jump(revision) },
        { title: words.history.name, apart: true, run: () => show({ kind: 'version', revision: revision.id }) },
        ...(revision.version
          ? [{ title: words.history.unname, run: () => void run({ type: 'version.name', revision: revision.id, name: null }) }]
          : []),
        ...(revision.rerunnable
          ? [{ title: words.history.rerun, apart: true, run: () => void run({ type: 'revision.rerun', revision: revision.id }) }]
          : []),
      ],
      { x: event.clientX, y: event.clientY },
    )
  }
  const joint = `${first ? 'first' : ''} ${last ? 'last' : ''}`
  return (
    <button
      type="button"
      className={`history-jump ${place}`}
      style={{ paddingLeft: 10 + depth * 20 }}
      aria-current={place === 'now' ? 'step' : undefined}
      data-tip={revision.version ?? revision.label}
      data-tip-image={pictureOf(project, revision)}
      onClick={() => place !== 'now' && jump(revision)}
      onContextMenu={onContextMenu}
    >
      <span className={`history-dot ${depth === 0 ? 'trunk' : 'branch'} ${joint}`} aria-hidden />
      <Picture project={project} revision={revision} />
      <span className="history-words truncate">{revision.label}</span>
      {revision.version && (
        <span className="history-version truncate">
          <Flag size={12} strokeWidth={1.75} aria-hidden />
          {revision.version}
        </span>
      )}
      <time className="history-time" dateTime={new Date(revision.at).toISOString()}>
        {place === 'now' ? words.history.now : moment(revision.at)}
      </time>
    </button>
  )
}

function VariationLine({
  row,
  project,
  onToggle,
}: {
  readonly row: Extract<HistoryRow, { kind: 'variation' }>
  readonly project: ProjectId
  readonly onToggle: (branch: BranchId) => void
}) {
  const { branch, tip, steps, depth, open } = row
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault()
    openMenu(
      branch.name,
      [
        { title: words.history.switchBranch, run: () => jump(tip) },
        { title: words.history.renameBranch, apart: true, run: () => useShell.getState().show({ kind: 'branch', branch: branch.id }) },
      ],
      { x: event.clientX, y: event.clientY },
    )
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the menu is also reached from the button within.
    <div className="history-variation" style={{ paddingLeft: 6 + depth * 20 }} onContextMenu={onContextMenu}>
      <span className="history-fork" aria-hidden />
      <IconButton
        icon={open ? ChevronDown : ChevronRight}
        size={14}
        label={open ? words.history.collapse : words.history.expand}
        aria-expanded={open}
        onClick={() => onToggle(branch.id)}
      />
      <button
        type="button"
        className="history-jump variation"
        onClick={() => jump(tip)}
        data-tip={words.history.variation(branch.name, steps)}
        data-tip-image={pictureOf(project, tip)}
      >
        <Picture project={project} revision={tip} />
        <span className="history-words truncate">{steps === 1 ? tip.label : words.history.variation(branch.name, steps)}</span>
        <GitBranch size={12} strokeWidth={1.75} aria-hidden className="history-branch-mark" />
        <time className="history-time" dateTime={new Date(tip.at).toISOString()}>
          {moment(tip.at)}
        </time>
      </button>
    </div>
  )
}
