import { LayerCommand } from '../../../preload/contract/command.ts'
import type { RevisionId } from '../../../preload/contract/ids.ts'
import type { Revisions } from '../../store/revisions.ts'
import type { Shift } from '../document/moved.ts'
import type { Tree } from './tree.ts'

/** How far what lies in the picture of one revision has moved in that of another because the frame was changed between them. */
export function shiftBetween(revisions: Revisions, tree: Pick<Tree, 'parents'>, from: RevisionId, to: RevisionId): Shift {
  const framed = new Set(revisions.list().flatMap(({ id, command }) => (command === 'document.frame' ? [id] : [])))
  const [before, after] = [from, to].map((revision) => cornerOf(revisions, tree, framed, revision)) as [Corner, Corner]
  return { dx: before.x - after.x, dy: before.y - after.y }
}

interface Corner {
  readonly x: number
  readonly y: number
}

/** The top left corner of a revision's picture, in the picture the history began with. */
function cornerOf(revisions: Revisions, { parents }: Pick<Tree, 'parents'>, framed: ReadonlySet<RevisionId>, revision: RevisionId): Corner {
  let corner: Corner = { x: 0, y: 0 }
  for (let at: RevisionId | null | undefined = revision; at != null; at = parents.get(at)) {
    if (!framed.has(at)) continue
    const { data } = LayerCommand.safeParse(revisions.command(at))
    if (data?.type === 'document.frame') corner = { x: corner.x + data.x, y: corner.y + data.y }
  }
  return corner
}
