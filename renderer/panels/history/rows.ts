import type { Branch, ProjectState, Revision } from '../../../preload/contract/event.ts'
import type { BranchId, RevisionId } from '../../../preload/contract/ids.ts'

/** A line of the history panel. */
export type HistoryRow =
  | {
      readonly kind: 'revision'
      readonly revision: Revision
      readonly depth: number
      readonly place: 'past' | 'now' | 'future' | 'side'
    }
  | {
      readonly kind: 'variation'
      readonly branch: Branch
      readonly tip: Revision
      readonly steps: number
      readonly depth: number
      readonly open: boolean
    }

type Told = Pick<ProjectState, 'head' | 'revisions' | 'branches'>

/**
 * The tree of revisions as a list: the trunk leads from the first to the newest of the current branch,
 * oldest first; a variation hangs below the revision it left from, closed unless its id is in `open`.
 */
export function historyRows({ head, revisions, branches }: Told, open: ReadonlySet<BranchId>): HistoryRow[] {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]))
  const placed = new Set<RevisionId>()
  /** The part of a path that no other path has placed yet, oldest first. */
  const claim = (tip: RevisionId): Revision[] => {
    const path: Revision[] = []
    for (let at = byId.get(tip); at && !placed.has(at.id); at = at.parent === null ? undefined : byId.get(at.parent)) path.push(at)
    for (const { id } of path) placed.add(id)
    return path.reverse()
  }

  const current = branches.find(({ id }) => id === head.branch)
  const trunk = claim(current?.tip ?? head.revision)
  const sides = new Map<RevisionId, { branch: Branch; path: Revision[] }[]>()
  for (const branch of branches.toSorted((a, b) => a.id - b.id)) {
    const path = claim(branch.tip)
    const from = path[0]?.parent
    if (from) sides.set(from, [...(sides.get(from) ?? []), { branch, path }])
  }

  const rows: HistoryRow[] = []
  const addSides = (revision: Revision, depth: number): void => {
    for (const { branch, path } of sides.get(revision.id) ?? []) {
      const tip = path.at(-1)
      if (!tip) continue
      const isOpen = open.has(branch.id)
      rows.push({ kind: 'variation', branch, tip, steps: path.length, depth, open: isOpen })
      for (const side of path) {
        if (isOpen) rows.push({ kind: 'revision', revision: side, depth, place: 'side' })
        // A variation of a closed variation still shows: nothing that was made is hidden twice.
        addSides(side, depth + 1)
      }
    }
  }
  const now = trunk.findIndex(({ id }) => id === head.revision)
  trunk.forEach((revision, at) => {
    rows.push({ kind: 'revision', revision, depth: 0, place: at < now ? 'past' : at === now ? 'now' : 'future' })
    addSides(revision, 1)
  })
  return rows
}
