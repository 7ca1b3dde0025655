import type { LayerId } from '../../preload/contract/ids.ts'

/** The simplest studio there could be: everything in memory, every document a copy. What the real one must agree with. */
export interface ModelLayer {
  id: LayerId
  name: string
  opacity: number
  locked: boolean
  x: number
  y: number
  /** Was anything ever painted on it? Else there is nothing that could move. */
  isPainted: boolean
  /** Colour by "column,row" of the layer. */
  dots: Record<string, string>
}
export interface ModelRevision {
  parent: number | null
  branch: number
  layers: ModelLayer[]
  version: string | null
}

export class Model {
  readonly revisions: ModelRevision[] = [{ parent: null, branch: 1, layers: [layer('first', 'Layer 1')], version: null }]
  readonly branches: { name: string; tip: number }[] = [{ name: 'Main', tip: 1 }]
  head = { branch: 1, revision: 1 }

  revision(id: number): ModelRevision {
    return this.revisions[id - 1]
  }

  get layers(): ModelLayer[] {
    return this.revision(this.head.revision).layers
  }

  /** Changes a copy of the picture; false where it was refused. */
  change(work: (layers: ModelLayer[]) => boolean, always = false): void {
    const layers = structuredClone(this.layers)
    if (!work(layers)) return
    if (!always && JSON.stringify(layers) === JSON.stringify(this.layers)) return
    const { branch, revision } = this.head
    const id = this.revisions.length + 1
    const isTip = this.branches[branch - 1].tip === revision
    if (!isTip) this.branches.push({ name: `Variation ${this.branches.length}`, tip: id })
    const on = isTip ? branch : this.branches.length
    this.branches[on - 1].tip = id
    this.revisions.push({ parent: revision, branch: on, layers, version: null })
    this.head = { branch: on, revision: id }
  }

  /** Revisions of a branch, newest first. */
  path(branch: number): number[] {
    const path: number[] = []
    for (let at: number | null = this.branches[branch - 1].tip; at !== null; at = this.revision(at).parent) path.push(at)
    return path
  }

  undo(): void {
    const { parent } = this.revision(this.head.revision)
    if (parent !== null) this.head = { ...this.head, revision: parent }
  }

  redo(): void {
    const path = this.path(this.head.branch)
    const at = path.indexOf(this.head.revision)
    if (at > 0) this.head = { ...this.head, revision: path[at - 1] }
  }

  jump(revision: number): void {
    if (!this.path(this.head.branch).includes(revision)) {
      const ending = this.branches.findIndex(({ tip }) => tip === revision)
      this.head.branch = ending >= 0 ? ending + 1 : this.revision(revision).branch
    }
    this.head = { ...this.head, revision }
  }
}

export const layer = (id: string, name: string): ModelLayer => ({
  id: id as LayerId,
  name,
  opacity: 1,
  locked: false,
  x: 0,
  y: 0,
  isPainted: false,
  dots: {},
})
