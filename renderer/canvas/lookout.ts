import type { ProjectId } from '../../preload/contract/ids.ts'
import { useView, type View, type ZoomTarget } from '../studio/view.ts'
import { bounded, fitted, type Look, nextStop, type Point, panBy, type Size, type Viewport, zoomAbout } from './viewport.ts'

export interface LookoutOptions {
  readonly viewport: () => Viewport
  /** The size of the picture; null without one. */
  readonly picture: () => Size | null
  /** Room to leave under a picture that fits, in CSS pixels. */
  readonly roomBelow: () => number
}

/** Where the artist looks. The view store holds it; every way of looking elsewhere leads through here. */
export class Lookout {
  readonly #options: LookoutOptions
  /** How each project was looked at when it was last in front. */
  readonly #remembered = new Map<ProjectId, Look>()
  /** True while the picture is fitted, and so is fitted again when the canvas changes its size. */
  #isFitted = false
  #answered = useView.getState().zoomRequest?.serial ?? 0

  constructor(options: LookoutOptions) {
    this.#options = options
  }

  get look(): Look {
    const { zoom, center } = useView.getState()
    return { zoom, center }
  }

  /** A project comes to the front: it is looked at as before, or whole. */
  enter(project: ProjectId): void {
    const before = this.#remembered.get(project)
    if (before) this.show(before)
    else this.go('fit')
  }

  leave(project: ProjectId): void {
    this.#remembered.set(project, this.look)
  }

  resized(): void {
    if (this.#isFitted) this.go('fit')
  }

  show(look: Look): void {
    const picture = this.#options.picture()
    if (!picture) return
    this.#isFitted = false
    const { zoom, center } = bounded(look, picture)
    useView.getState().setViewport(zoom, center)
  }

  /** By CSS pixels. */
  pan(dx: number, dy: number): void {
    const picture = this.#options.picture()
    if (picture) this.show(panBy(this.look, picture, dx, dy))
  }

  /** @param at stays where it is, in CSS pixels of the canvas. */
  zoomBy(factor: number, at: Point): void {
    const picture = this.#options.picture()
    if (picture) this.show(zoomAbout(this.#options.viewport(), this.look, picture, this.look.zoom * factor, at))
  }

  /** Answers what the shell has asked for, once. */
  answer(request: View['zoomRequest']): void {
    if (!request || request.serial === this.#answered) return
    this.#answered = request.serial
    this.go(request.to)
  }

  go(to: ZoomTarget): void {
    const picture = this.#options.picture()
    if (!picture) return
    const viewport = this.#options.viewport()
    if (typeof to === 'object') {
      // A picture that is seen whole stays whole; otherwise what is looked at stays where it is on the screen.
      const { zoom, center } = this.look
      if (this.#isFitted) this.go('fit')
      else this.show({ zoom, center: { x: center.x + to.dx, y: center.y + to.dy } })
      return
    }
    if (to === 'fit') {
      this.show(fitted(viewport, picture, this.#options.roomBelow()))
      this.#isFitted = true
      return
    }
    const zoom = typeof to === 'number' ? to : nextStop(this.look.zoom, to)
    this.show(zoomAbout(viewport, this.look, picture, zoom, { x: viewport.width / 2, y: viewport.height / 2 }))
  }
}
