import type { Branch, Head } from '../../../preload/contract/event.ts'
import type { BranchId, RevisionId } from '../../../preload/contract/ids.ts'
import type { Place } from '../../store/revisions.ts'

/** The shape of a history: who follows whom, where each branch has got to, where the artist stands. */
export interface Tree {
  readonly parents: ReadonlyMap<RevisionId, RevisionId | null>
  /** The branch each revision was made on. */
  readonly origins: ReadonlyMap<RevisionId, BranchId>
  readonly branches: readonly Branch[]
  readonly head: Place
}

/** The parent of the head, on the same branch; null at the beginning. */
export function undo({ parents, head }: Tree): Place | null {
  const parent = parents.get(head.revision)
  return parent == null ? null : { branch: head.branch, revision: parent }
}

/** One step from the head towards the tip of its branch; null at the tip. */
export function redo(tree: Tree): Place | null {
  const { head } = tree
  let step: RevisionId | null = null
  for (const revision of path(tree, head.branch)) {
    if (revision === head.revision) return step === null ? null : { branch: head.branch, revision: step }
    step = revision
  }
  return null
}

/** Any revision: on the branch the artist is on where that passes it, else on one that ends there, else where it was made. Null for an unknown one. */
export function jump(tree: Tree, revision: RevisionId): Place | null {
  const origin = tree.origins.get(revision)
  if (origin === undefined) return null
  for (const passed of path(tree, tree.head.branch)) if (passed === revision) return { branch: tree.head.branch, revision }
  const ending = tree.branches.find(({ tip }) => tip === revision)
  return { branch: ending?.id ?? origin, revision }
}

export const headOf = (tree: Tree): Head => ({
  ...tree.head,
  canUndo: tree.parents.get(tree.head.revision) != null,
  canRedo: tree.branches.find(({ id }) => id === tree.head.branch)?.tip !== tree.head.revision,
})

/** What the next branch is called: the first is the trunk, the others are variations of it. */
export function nextBranchName(branches: readonly Branch[]): string {
  if (branches.length === 0) return 'Main'
  const taken = new Set(branches.map(({ name }) => name))
  for (let n = branches.length; ; n++) if (!taken.has(`Variation ${n}`)) return `Variation ${n}`
}

/** Revisions from a branch's tip back to the beginning. */
function* path({ branches, parents }: Tree, branch: BranchId): Generator<RevisionId> {
  let at: RevisionId | null | undefined = branches.find(({ id }) => id === branch)?.tip
  while (at != null) {
    yield at
    at = parents.get(at)
  }
}
