import type { Point } from './viewport.ts'

export interface PinchOptions {
  /** A second finger came down: whatever the first was doing is given up. */
  readonly began: () => void
  readonly pan: (dx: number, dy: number) => void
  readonly zoomBy: (factor: number, at: Point) => void
}

const middle = ([a, b]: readonly [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
const span = ([a, b]: readonly [Point, Point]): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y))

/** Two fingers on a touch screen move and zoom the view. One finger stays with the tool. */
export class Pinch {
  readonly #options: PinchOptions
  readonly #fingers = new Map<number, Point>()

  constructor(options: PinchOptions) {
    this.#options = options
  }

  /** @returns whether the finger belongs to a pinch. */
  down(finger: number, at: Point): boolean {
    this.#fingers.set(finger, at)
    if (this.#fingers.size === 2) this.#options.began()
    return this.#fingers.size > 1
  }

  /** @returns whether the finger belongs to a pinch. */
  move(finger: number, at: Point): boolean {
    const before = this.#pair()
    if (!this.#fingers.has(finger)) return false
    this.#fingers.set(finger, at)
    const after = this.#pair()
    if (!before || !after) return false
    const [from, to] = [middle(before), middle(after)]
    this.#options.pan(from.x - to.x, from.y - to.y)
    this.#options.zoomBy(span(after) / span(before), to)
    return true
  }

  up(finger: number): void {
    this.#fingers.delete(finger)
  }

  #pair(): readonly [Point, Point] | null {
    const [a, b] = [...this.#fingers.values()]
    return a && b ? [a, b] : null
  }
}
