import type { Layer } from '../../preload/contract/document.ts'
import type { Region } from '../../preload/contract/region.ts'
import type { Outline, PickedObject } from '../studio/objects.ts'
import { simplified } from './simplify.ts'

/** From here on a pixel of a mask belongs to what is outlined. */
const INSIDE = 128
/** How far an outline may keep from the edge it follows, in pixels of the mask: half a pixel is never seen. */
const TOLERANCE = 0.6

/** The outline of a region that needs nothing but itself; null where only the studio can tell. */
export function outlineOf(region: Region): Outline | null {
  if (region.from === 'polygon') return [region.points.flat()]
  if (region.from !== 'rectangle') return null
  const { x, y, width, height } = region
  return [[x, y, x + width, y, x + width, y + height, x, y + height]]
}

/**
 * Closed lines as one: out to each of the others and back on the same way, which counts for nothing by the even-odd rule.
 * @returns null where there are none.
 */
export function joined(outline: Outline): Extract<Region, { from: 'polygon' }> | null {
  const loops = outline.map((line) => {
    const points = Array.from({ length: line.length / 2 }, (_, i): [number, number] => [line[2 * i] ?? 0, line[2 * i + 1] ?? 0])
    return [...points, ...points.slice(0, 1)]
  })
  const [first, ...others] = loops
  const start = first?.[0]
  if (!first || !start) return null
  return { from: 'polygon', points: [...first, ...others.flatMap((loop) => [...loop, start])] }
}

/** The region of an object as it is shown: a thing that was not found in this very layer goes by its outline; null until it has one. */
export function shapeOf({ region, outline, foundIn }: PickedObject, layer: Layer | null = null): Region | null {
  if (region.from !== 'thing') return region
  const isHere = layer !== null && layer.id === foundIn?.layer && layer.pixels?.index === foundIn.pixels
  return isHere ? region : outline && joined(outline)
}

/**
 * The closed lines around what a mask covers, by the even-odd rule.
 * @param mask grey levels, row by row. @param scale document pixels per pixel of the mask, each way.
 */
export function traced(mask: Uint8Array, width: number, height: number, scale: { readonly x: number; readonly y: number }): Outline {
  const lines: number[][] = []
  for (const loop of loopsOf(mask, width, height)) {
    // Through the middles of the edges, so that a slope is no staircase.
    const middles: [number, number][] = loop.map(([x, y], i) => {
      const [nextX, nextY] = loop[(i + 1) % loop.length] ?? [x, y]
      return [(x + nextX) / 2, (y + nextY) / 2]
    })
    const kept = simplified(middles, TOLERANCE)
    if (kept.length > 2) lines.push(kept.flatMap(([x, y]) => [x * scale.x, y * scale.y]))
  }
  return lines
}

/** The edges between inside and outside, joined end to end: each loop a list of corners, the inside to the right. */
function loopsOf(mask: Uint8Array, width: number, height: number): (readonly (readonly [number, number])[])[] {
  const stride = width + 1
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && (mask[y * width + x] ?? 0) >= INSIDE
  /** Corner → the corners to which an edge leads from it. */
  const edges = new Map<number, number[]>()
  const add = (from: number, to: number) => {
    const others = edges.get(from)
    if (others) others.push(to)
    else edges.set(from, [to])
  }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue
      const corner = y * stride + x
      if (!inside(x, y - 1)) add(corner, corner + 1)
      if (!inside(x + 1, y)) add(corner + 1, corner + 1 + stride)
      if (!inside(x, y + 1)) add(corner + 1 + stride, corner + stride)
      if (!inside(x - 1, y)) add(corner + stride, corner)
    }
  const loops: [number, number][][] = []
  for (const [start] of edges) {
    while ((edges.get(start)?.length ?? 0) > 0) {
      const loop: [number, number][] = []
      for (let at: number | undefined = start; at !== undefined; ) {
        const next: number | undefined = edges.get(at)?.pop()
        if (next === undefined) break
        loop.push([at % stride, Math.floor(at / stride)])
        at = next === start ? undefined : next
      }
      if (loop.length > 0) loops.push(loop)
    }
  }
  return loops
}
