import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Branch, Revision } from '../../preload/contract/event.ts'
import type { BranchId, RevisionId } from '../../preload/contract/ids.ts'
import { type HistoryRow, historyRows } from '../../renderer/panels/history/rows.ts'

const revision = (id: number, parent: number | null, branch: number): Revision => ({
  id: id as RevisionId,
  parent: parent as RevisionId | null,
  branch: branch as BranchId,
  command: 'layer.add',
  label: `step ${id}`,
  at: 0,
  thumbnail: null,
  version: null,
  rerunnable: false,
})
const branch = (id: number, tip: number): Branch => ({ id: id as BranchId, name: `branch ${id}`, tip: tip as RevisionId })
const head = (revision: number, branch: number) => ({
  branch: branch as BranchId,
  revision: revision as RevisionId,
  canUndo: true,
  canRedo: true,
})
const all = (...ids: number[]) => new Set(ids as BranchId[])

/** One word a row: "2 past", "branch 2 (1)". */
const told = (rows: readonly HistoryRow[]): string[] =>
  rows.map((row) =>
    row.kind === 'revision'
      ? `${'  '.repeat(row.depth)}${row.revision.id} ${row.place}`
      : `${'  '.repeat(row.depth)}${row.branch.name} (${row.steps})`,
  )

// 1 ─ 2 ─ 3 ─ 4      branch 1
//     └─ 5 ─ 6       branch 2
//        └─ 7        branch 3
const revisions = [
  revision(1, null, 1),
  revision(2, 1, 1),
  revision(3, 2, 1),
  revision(4, 3, 1),
  revision(5, 2, 2),
  revision(6, 5, 2),
  revision(7, 5, 3),
]
const branches = [branch(1, 4), branch(2, 6), branch(3, 7)]

describe('the history as a list', () => {
  test('the trunk leads through now to the newest; variations are folded below where they left', () => {
    expect(told(historyRows({ head: head(3, 1), revisions, branches }, all()))).toEqual([
      '1 past',
      '2 past',
      '  branch 2 (2)',
      '    branch 3 (1)',
      '3 now',
      '4 future',
    ])
  })

  test('an open variation shows its steps, and its own variations where they left', () => {
    expect(told(historyRows({ head: head(4, 1), revisions, branches }, all(2, 3)))).toEqual([
      '1 past',
      '2 past',
      '  branch 2 (2)',
      '  5 side',
      '    branch 3 (1)',
      '    7 side',
      '  6 side',
      '3 past',
      '4 now',
    ])
  })

  test('on a variation, the trunk is the way there and what was left is a variation', () => {
    expect(told(historyRows({ head: head(7, 3), revisions, branches }, all()))).toEqual([
      '1 past',
      '2 past',
      '  branch 1 (2)',
      '5 past',
      '  branch 2 (1)',
      '7 now',
    ])
  })

  test('with every variation open, any tree shows each revision once and each below its parent', () => {
    const tree = fc.array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 1, maxLength: 60 }).map((steps) => {
      const made = [revision(1, null, 1)]
      const lines = [branch(1, 1)]
      let at = { branch: 1, revision: 1 }
      for (const [pick, jumps] of steps) {
        const id = made.length + 1
        if (jumps) {
          const line = lines[pick % lines.length]
          at = { branch: line.id, revision: made[pick % made.length].id }
          // Only revisions on the line can be stood on; others are reached on the line that made them.
          const home = made[pick % made.length].branch
          at.branch = home
        }
        const index = lines.findIndex((line) => line.id === at.branch)
        const fresh = lines[index].tip !== at.revision
        const line = fresh ? lines.length + 1 : at.branch
        made.push(revision(id, at.revision, line))
        if (fresh) lines.push(branch(line, id))
        else lines[index] = branch(line, id)
        at = { branch: line, revision: id }
      }
      return { revisions: made, branches: lines, head: head(at.revision, at.branch) }
    })
    fc.assert(
      fc.property(tree, (state) => {
        const rows = historyRows(state, new Set(state.branches.map(({ id }) => id)))
        const shown = rows.filter((row) => row.kind === 'revision').map(({ revision: { id } }) => id)
        expect(shown.toSorted((a, b) => a - b)).toEqual(state.revisions.map(({ id }) => id))
        for (const row of rows)
          if (row.kind === 'revision' && row.revision.parent !== null)
            expect(shown.indexOf(row.revision.parent)).toBeLessThan(shown.indexOf(row.revision.id))
        expect(rows.filter((row) => row.kind === 'revision' && row.place === 'now')).toHaveLength(1)
      }),
    )
  })
})
