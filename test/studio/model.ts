import type { LayerId } from '../../preload/contract/ids.ts'

/** The picture it begins with. */
export const FRAME: ModelFrame = { x: 0, y: 0, width: 300, height: 280 }

/** Id of a layer that the studio names. */
export const UNKNOWN = 'unknown' as LayerId

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
export interface ModelFrame {
  /** Where its corner lies in the picture the history began with. */
  x: number
  y: number
  width: number
  height: number
}
/** A layer made from words, as it landed, and the one it was made from. */
export interface Made {
  readonly source: LayerId
  readonly layer: ModelLayer
}
export interface ModelRevision {
  parent: number | null
  branch: number
  frame: ModelFrame
  layers: ModelLayer[]
  version: string | null
  /** The layer it made from another one, for good. */
  made: Made | null
}

export class Model {
  readonly revisions: ModelRevision[] = [
    { parent: null, branch: 1, frame: FRAME, layers: [layer('first', 'Layer 1')], version: null, made: null },
  ]
  readonly branches: { name: string; tip: number }[] = [{ name: 'Main', tip: 1 }]
  head = { branch: 1, revision: 1 }

  revision(id: number): ModelRevision {
    return this.revisions[id - 1]
  }

  get layers(): ModelLayer[] {
    return this.revision(this.head.revision).layers
  }

  get frame(): ModelFrame {
    return this.revision(this.head.revision).frame
  }

  /** Changes a copy of the picture; false where it was refused. */
  change(work: (layers: ModelLayer[]) => boolean, always = false, frame = this.frame): void {
    const layers = structuredClone(this.layers)
    if (!work(layers)) return
    if (!always && JSON.stringify([layers, frame]) === JSON.stringify([this.layers, this.frame])) return
    const { branch, revision } = this.head
    const id = this.revisions.length + 1
    const isTip = this.branches[branch - 1].tip === revision
    if (!isTip) this.branches.push({ name: `Variation ${this.branches.length}`, tip: id })
    const on = isTip ? branch : this.branches.length
    this.branches[on - 1].tip = id
    this.revisions.push({ parent: revision, branch: on, frame, layers, version: null, made: null })
    this.head = { branch: on, revision: id }
  }

  /** A new frame, given in the picture as it is; what lies in it stays where it is. */
  reframe({ x, y, width, height }: ModelFrame): void {
    const frame = { x: this.frame.x + x, y: this.frame.y + y, width, height }
    // Where nothing is painted a frame that is only moved changes nothing, and what changes nothing is refused.
    const isSized = width !== this.frame.width || height !== this.frame.height
    const work = (layers: ModelLayer[]) => {
      const painted = layers.filter(({ isPainted }) => isPainted)
      for (const layer of painted) Object.assign(layer, { x: layer.x - x, y: layer.y - y })
      return isSized || (painted.length > 0 && (x !== 0 || y !== 0))
    }
    this.change(work, false, frame)
  }

  /** A layer made from another lands above it, or on top where that is gone. */
  land(made: Made): void {
    this.change((layers) => {
      const at = layers.findIndex(({ id }) => id === made.source)
      layers.splice(at < 0 ? layers.length : at + 1, 0, made.layer)
      return true
    }, true)
    this.revision(this.head.revision).made = structuredClone(made)
  }

  /** What a revision made, as it is made again: under the frame there is now. */
  again(revision: number): Made | null {
    const { made, frame, parent } = this.revision(revision)
    if (!made) return null
    const source = this.revision(parent!).layers.find(({ id }) => id === made.source)
    const [x, y] = [made.layer.x + frame.x - this.frame.x, made.layer.y + frame.y - this.frame.y]
    return { ...made, layer: { ...structuredClone(made.layer), x, y, name: `${source?.name ?? 'Layer'}, a hat`, id: UNKNOWN } }
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
