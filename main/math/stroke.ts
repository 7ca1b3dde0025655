import { type CoverageGrid, stampInto, TILE } from './dab.ts'
import { intersect, type Rect, unite } from './rect.ts'

/** How a stroke is shaped; the fields of a brush that its coverage depends on. */
export interface StrokeShape {
  /** Diameter at full pressure, in document pixels. */
  readonly size: number
  /** 0: falls off from the centre. 1: hard edge, one pixel of anti-aliasing. */
  readonly hardness: number
  /** Most that the stroke may cover, 0..1. Not part of the coverage: `paintTileInto` takes it. */
  readonly opacity: number
  /** Distance between dabs as a share of the diameter. */
  readonly spacing: number
  /** Does pressure change the size? */
  readonly pressureSize: boolean
}

/** A stroke on its way: point after point goes in, coverage grows. */
export interface Stroke {
  /** 256 × 256 bytes a tile, keyed `column,row`; tile (0, 0) starts at the origin. Live: later points change it. */
  readonly coverage: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  /** Takes the next point (document column, document row, pressure 0..1). @returns the document rectangle it touched, if any. */
  extend(point: readonly [number, number, number]): Rect | null
}

/** Dabs closer than this, in pixels, cannot be told apart. */
const CLOSEST = 0.25

/** Not `Math.hypot`, whose last bit may differ from one machine to the next. */
const distance = (dx: number, dy: number): number => Math.sqrt(dx * dx + dy * dy)

/** A bend is drawn in straight pieces that stray from it by no more than a fraction of a pixel. */
const MOST_PIECES = 64

/**
 * Begins a stroke. Nothing is laid outside the document, [0, width) × [0, height).
 *
 * Dabs are laid along a smooth path through the points, `spacing` diameters apart, and combine as their maximum: a stroke
 * never covers more than one dab does, and its bytes depend only on the points, not on how they were handed over.
 * Each piece of the path is a cubic Hermite curve that leaves a point in the direction of arrival there and reaches the next
 * in one guessed from the turn. It so needs no point ahead: paint is under the pointer at once. A turn of a right angle or
 * more is a corner.
 */
export function beginStroke(
  shape: StrokeShape,
  origin: { readonly x: number; readonly y: number },
  bounds: { readonly width: number; readonly height: number },
): Stroke {
  const grid: CoverageGrid = { origin, tiles: new Map() }
  const page: Rect = { x: 0, y: 0, width: bounds.width, height: bounds.height }
  let last: readonly [number, number, number] | null = null
  /** Direction of arrival at the last point. */
  let headingX = 0
  let headingY = 0
  /** Way still to go until the next dab. */
  let ahead = 0
  /** Diameter of the last point: a dab on the spot must be wider. */
  let widest = 0

  const diameterAt = (pressure: number) => (shape.pressureSize ? shape.size * pressure : shape.size)
  const stamp = (x: number, y: number, diameter: number) => stampInto(grid, { x, y, diameter, hardness: shape.hardness }, page)
  const stepAfter = (diameter: number) => Math.max(CLOSEST, shape.spacing * diameter)

  /** Lays the dabs of a straight piece; pressure runs from p to q along it. */
  const lay = (ax: number, ay: number, p: number, bx: number, by: number, q: number): Rect | null => {
    const length = distance(bx - ax, by - ay)
    if (length === 0) return null
    const reach = diameterAt(Math.max(p, q)) / 2 + 1
    const left = Math.floor(Math.min(ax, bx) - reach)
    const top = Math.floor(Math.min(ay, by) - reach)
    const box = { x: left, y: top, width: Math.ceil(Math.max(ax, bx) + reach) - left, height: Math.ceil(Math.max(ay, by) + reach) - top }
    if (!intersect(box, page)) {
      // Nothing to see out there: dabs begin anew where the stroke comes back.
      ahead = 0
      return null
    }
    let touched: Rect | null = null
    let at = ahead
    while (at <= length) {
      const t = at / length
      const diameter = diameterAt(p + (q - p) * t)
      touched = unite(touched, stamp(ax + (bx - ax) * t, ay + (by - ay) * t, diameter))
      at += stepAfter(diameter)
    }
    ahead = at - length
    return touched
  }

  const extend = (point: readonly [number, number, number]): Rect | null => {
    const [x, y, pressure] = point
    const from = last
    last = point
    if (!from) {
      widest = diameterAt(pressure)
      ahead = stepAfter(widest)
      return stamp(x, y, widest)
    }
    const [fromX, fromY, fromPressure] = from
    const chordX = x - fromX
    const chordY = y - fromY
    const length = distance(chordX, chordY)
    if (length === 0) {
      // A pen pressed harder on the spot.
      const diameter = diameterAt(pressure)
      if (diameter <= widest) return null
      widest = diameter
      return stamp(x, y, diameter)
    }
    widest = diameterAt(pressure)
    const unitX = chordX / length
    const unitY = chordY / length
    const turned = headingX !== 0 || headingY !== 0
    const cosine = turned ? headingX * unitX + headingY * unitY : 1
    const leaveX = turned ? headingX * Math.max(0, cosine) * length : chordX
    const leaveY = turned ? headingY * Math.max(0, cosine) * length : chordY
    // A circle would arrive in the mirror image of its departure; halfway there is steady even where a hand shakes.
    const guessX = turned && cosine > 0 ? unitX * (1 + 2 * cosine) - headingX : unitX
    const guessY = turned && cosine > 0 ? unitY * (1 + 2 * cosine) - headingY : unitY
    const guess = distance(guessX, guessY)
    headingX = guessX / guess
    headingY = guessY / guess
    const arriveX = headingX * length
    const arriveY = headingY * length

    const bend = distance(leaveX - chordX, leaveY - chordY) + distance(arriveX - chordX, arriveY - chordY)
    const pieces = Math.min(MOST_PIECES, 1 + Math.floor(Math.sqrt(2 * bend)))
    let touched: Rect | null = null
    let ax = fromX
    let ay = fromY
    for (let piece = 1; piece <= pieces; piece++) {
      const t = piece / pieces
      const share = t * t * (3 - 2 * t)
      const leave = t * (1 - t) * (1 - t)
      const arrive = t * t * (t - 1)
      const bx = piece === pieces ? x : fromX + chordX * share + leaveX * leave + arriveX * arrive
      const by = piece === pieces ? y : fromY + chordY * share + leaveY * leave + arriveY * arrive
      const p = fromPressure + ((pressure - fromPressure) * (piece - 1)) / pieces
      const q = fromPressure + (pressure - fromPressure) * t
      touched = unite(touched, lay(ax, ay, p, bx, by, q))
      ax = bx
      ay = by
    }
    return touched
  }

  return { coverage: grid.tiles, extend }
}

/** The whole tile. */
const WHOLE: Rect = { x: 0, y: 0, width: TILE, height: TILE }

/**
 * Paints a colour through coverage on a tile of straight-alpha RGBA (256 × 256 × 4 bytes): source-over, or with `erase`
 * destination-out. `target` becomes `base` (null: transparent) with the paint on it; both may be the same array.
 * A pixel without coverage keeps its bytes; one that ends up fully transparent becomes 0, 0, 0, 0.
 * @param color sRGB-encoded, 0..255.
 * @param opacity most that full coverage covers, 0..1.
 * @param region what to do, in tile pixels; outside it `target` is left as it is.
 */
export function paintTileInto(
  target: Uint8Array | Uint8ClampedArray,
  base: Uint8Array | Uint8ClampedArray | null,
  coverage: Uint8Array,
  color: readonly [number, number, number],
  opacity: number,
  erase: boolean,
  region: Rect = WHOLE,
): void {
  const [red, green, blue] = color
  const share = opacity / 255
  for (let y = region.y; y < region.y + region.height; y++) {
    const end = y * TILE + region.x + region.width
    for (let i = y * TILE + region.x; i < end; i++) {
      const o = 4 * i
      const r = base ? base[o] : 0
      const g = base ? base[o + 1] : 0
      const b = base ? base[o + 2] : 0
      const a = base ? base[o + 3] : 0
      const s = coverage[i] * share
      if (s === 0) {
        target[o] = r
        target[o + 1] = g
        target[o + 2] = b
        target[o + 3] = a
        continue
      }
      const under = a * (1 - s)
      const over = erase ? 0 : 255 * s
      const alpha = Math.floor(under + over + 0.5)
      if (alpha === 0) {
        target[o] = target[o + 1] = target[o + 2] = target[o + 3] = 0
        continue
      }
      const w = over / (under + over)
      target[o] = Math.floor(r + (red - r) * w + 0.5)
      target[o + 1] = Math.floor(g + (green - g) * w + 0.5)
      target[o + 2] = Math.floor(b + (blue - b) * w + 0.5)
      target[o + 3] = alpha
    }
  }
}

/**
 * Paints on a tile of a mask (256 × 256 bytes): towards 255, or with `erase` towards 0.
 * `target` becomes `base` (null: all `rest`) with the paint on it; both may be the same array.
 */
export function paintMaskTileInto(
  target: Uint8Array | Uint8ClampedArray,
  base: Uint8Array | Uint8ClampedArray | null,
  rest: number,
  coverage: Uint8Array,
  opacity: number,
  erase: boolean,
  region: Rect = WHOLE,
): void {
  const goal = erase ? 0 : 255
  const share = opacity / 255
  for (let y = region.y; y < region.y + region.height; y++) {
    const end = y * TILE + region.x + region.width
    for (let i = y * TILE + region.x; i < end; i++) {
      const value = base ? base[i] : rest
      target[i] = Math.floor(value + (goal - value) * coverage[i] * share + 0.5)
    }
  }
}
