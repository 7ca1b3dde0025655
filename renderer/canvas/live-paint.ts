import type { Rect } from '../../main/math/rect.ts'
import { unite } from '../../main/math/rect.ts'
import { beginStroke, type Stroke } from '../../main/math/stroke.ts'
import type { LayerId, RevisionId } from '../../preload/contract/ids.ts'
import type { Overlay } from '../tools/tool.ts'
import type { Surface } from './surface.ts'
import type { Tiles } from './tiles.ts'
import type { Size } from './viewport.ts'
import { WetLayer } from './wet-layer.ts'

type StrokeOverlay = Extract<Overlay, { type: 'stroke' }>

/** The stroke under the hand. */
interface Current {
  overlay: StrokeOverlay
  /** Null until the layer it goes to is there. */
  stroke: Stroke | null
  /** Points of the overlay that the stroke has taken. */
  taken: number
}

/** A stroke on its way to the studio. */
interface Sent {
  readonly surface: string
  /** What the studio made of it: nothing yet, a revision, or a refusal. */
  outcome: 'waiting' | RevisionId | 'refused'
}

export interface LivePaintOptions {
  readonly tiles: Tiles
  readonly surfaceOf: (layer: LayerId, target: 'pixels' | 'mask') => Surface | null
  /** Tiles the studio painted differently from the page; a defect if it happens without a refusal. */
  readonly differed: (keys: readonly string[]) => void
  readonly changed: () => void
}

/**
 * Paint at the rate of the hand: the page lays the same stroke with the same code as the engine will, shows it at once, and
 * lets go of it when the studio has stored the same bytes. Strokes may follow one another faster than the studio stores them.
 */
export class LivePaint {
  readonly #options: LivePaintOptions
  readonly #wet = new Map<string, WetLayer>()
  readonly #sent = new Set<Sent>()
  #bounds: Size = { width: 1, height: 1 }
  #current: Current | null = null
  #hasRevision: (revision: RevisionId) => boolean = () => false
  #head: RevisionId | null = null

  constructor(options: LivePaintOptions) {
    this.#options = options
  }

  /** True while a stroke is under the hand. */
  get isPainting(): boolean {
    return this.#current !== null
  }

  /** Shows a stroke as far as it has come; null when there is none any more. */
  show(overlay: StrokeOverlay | null): void {
    if (!overlay) {
      this.#abandon()
      return
    }
    if (this.#current) this.#current.overlay = overlay
    else this.#current = { overlay, stroke: null, taken: 0 }
  }

  /** The stroke under the hand is finished, with these points, and on its way to the studio. */
  send(overlay: StrokeOverlay, result: Promise<{ readonly revision: RevisionId | null } | null>): void {
    this.show(overlay)
    this.#advance()
    this.#current = null
    const sent: Sent = { surface: surfaceName(overlay.layer, overlay.target), outcome: 'waiting' }
    this.#sent.add(sent)
    void result.then((answer) => {
      sent.outcome = answer?.revision ?? 'refused'
      void this.#settle()
    })
  }

  /** The document has changed, or its tiles have come: strokes it holds need the page's copy no longer. */
  documentChanged(bounds: Size, head: RevisionId, hasRevision: (revision: RevisionId) => boolean): void {
    this.#bounds = bounds
    this.#head = head
    this.#hasRevision = hasRevision
    void this.#settle()
  }

  /** Before a frame is drawn. @returns the rectangle of the document that looks different, if any. */
  flush(): Rect | null {
    this.#advance()
    let changed: Rect | null = null
    for (const wet of this.#wet.values()) changed = unite(changed, wet.flush())
    return changed
  }

  #advance(): void {
    const current = this.#current
    if (!current) return
    const { layer, target, brush, points } = current.overlay
    const surface = this.#options.surfaceOf(layer, target)
    if (!surface?.isReady) return
    const name = surfaceName(layer, target)
    let wet = this.#wet.get(name)
    if (wet?.surface !== surface) {
      wet = new WetLayer(surface, this.#options.tiles)
      this.#wet.set(name, wet)
    }
    current.stroke ??= beginStroke(brush, surface.origin, this.#bounds)
    for (const point of points.slice(current.taken)) {
      const rect = current.stroke.extend(point)
      if (rect) wet.touch({ stroke: current.stroke, brush }, rect)
    }
    current.taken = points.length
  }

  #abandon(): void {
    const { overlay, stroke } = this.#current ?? {}
    this.#current = null
    if (!overlay || !stroke) return
    this.#wet.get(surfaceName(overlay.layer, overlay.target))?.peel(stroke)
    void this.#settle()
  }

  #isWaiting(name: string, { surface }: WetLayer): boolean {
    if (!surface.isCurrent) return true
    for (const { surface: painted, outcome } of this.#sent)
      if (painted === name && (outcome === 'waiting' || (outcome !== 'refused' && !this.#hasRevision(outcome)))) return true
    const { overlay } = this.#current ?? {}
    return overlay !== undefined && surfaceName(overlay.layer, overlay.target) === name
  }

  async #settle(): Promise<void> {
    for (const [name, wet] of this.#wet) {
      if (this.#isWaiting(name, wet)) continue
      // Only where the artist stands at the last stroke must the studio's bytes be the page's.
      const isExpected = [...this.#sent].findLast(({ surface }) => surface === name)?.outcome === this.#head
      for (const sent of this.#sent) if (sent.surface === name) this.#sent.delete(sent)
      const shown = wet.surface.index
      const differing = wet.isPainted ? await wet.reconcile() : []
      // Painted on, or changed, in the meantime: the next settling decides.
      if (this.#isWaiting(name, wet) || wet.surface.index !== shown) continue
      if (differing.length > 0 && isExpected) this.#options.differed(differing)
      this.#release(name)
      this.#options.changed()
    }
  }

  #release(name: string): void {
    this.#wet.get(name)?.dry()
    this.#wet.delete(name)
  }
}

const surfaceName = (layer: LayerId, target: 'pixels' | 'mask'): string => `${layer} ${target}`
