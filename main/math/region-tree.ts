import type { Pieces } from './pause.ts'
import { STATISTICS, type SuperpixelGraph } from './superpixel-graph.ts'

/** Patches joined two by two, the likest first, up to the whole picture: every thing should be one of the regions. */
export interface RegionTree {
  /** For each region the one it was joined into, or -1; regions 0 to `patches - 1` are the patches. */
  readonly parents: Int32Array
  /** For each region, how unlike the two were that it was joined from; never less than that of its parts. 0 for patches. */
  readonly heights: Float64Array
  /** Pixels. */
  readonly sizes: Float64Array
  readonly patches: number
}

/** How much more readily small regions are joined: the power of their size that their difference is multiplied by. */
const SMALL = 0.3
/** Joins between two pauses. */
const STRETCH = 80

/**
 * Two regions are alike where their mean colours are or where the line between them cannot be seen: the difference is the root of the
 * product of both. So shade does not part a round thing, nor does grain part a surface.
 */
export function* regionTree({ count, statistics, ends, lengths, contrasts }: SuperpixelGraph): Pieces<RegionTree> {
  const most = Math.max(1, 2 * count)
  const parents = new Int32Array(most).fill(-1)
  const heights = new Float64Array(most)
  const sizes = new Float64Array(most)
  const colours = new Float64Array(most * 3)
  /** For each living region, its neighbours: the length of the line between them and the sum of its contrast. */
  const neighbours = Array.from({ length: most }, () => new Map<number, [number, number]>())
  let whole = 0
  for (let patch = 0; patch < count; patch++) {
    whole += sizes[patch] = statistics[patch * STATISTICS]
    for (let k = 0; k < 3; k++) colours[3 * patch + k] = statistics[patch * STATISTICS + 1 + k]
  }
  const usual = whole / Math.max(1, count)

  const difference = (a: number, b: number, [length, contrast]: readonly [number, number]): number => {
    const colour = Math.hypot(
      colours[3 * a] - colours[3 * b],
      colours[3 * a + 1] - colours[3 * b + 1],
      colours[3 * a + 2] - colours[3 * b + 2],
    )
    const size = (sizes[a] * sizes[b]) / (sizes[a] + sizes[b]) / usual
    return Math.sqrt(colour * (contrast / length)) * size ** SMALL
  }
  const heap = new Heap()
  for (let pair = 0; pair < lengths.length; pair++) {
    const [a, b] = [ends[2 * pair], ends[2 * pair + 1]]
    const line: [number, number] = [lengths[pair], contrasts[pair] * lengths[pair]]
    neighbours[a].set(b, line)
    neighbours[b].set(a, line)
    heap.push(difference(a, b, line), a, b)
  }

  let last = count
  for (let join = heap.pop(); join !== null; join = heap.pop()) {
    const [unlike, a, b] = join
    if (parents[a] >= 0 || parents[b] >= 0) continue
    const region = last++
    parents[a] = parents[b] = region
    heights[region] = Math.max(unlike, heights[a], heights[b])
    sizes[region] = sizes[a] + sizes[b]
    for (let k = 0; k < 3; k++) colours[3 * region + k] = (sizes[a] * colours[3 * a + k] + sizes[b] * colours[3 * b + k]) / sizes[region]
    for (const part of [a, b])
      for (const [other, [length, contrast]] of neighbours[part]) {
        neighbours[other].delete(part)
        if (other === a || other === b) continue
        const [had, hadContrast] = neighbours[region].get(other) ?? [0, 0]
        const line: [number, number] = [had + length, hadContrast + contrast]
        neighbours[region].set(other, line)
        neighbours[other].set(region, line)
      }
    neighbours[a].clear()
    neighbours[b].clear()
    for (const [other, line] of neighbours[region]) heap.push(difference(region, other, line), region, other)
    if (last % STRETCH === 0) yield
  }
  return { parents: parents.slice(0, last), heights: heights.slice(0, last), sizes: sizes.slice(0, last), patches: count }
}

/** The patches of a region: 1 where it holds one. */
export function patchesOf({ parents, patches }: RegionTree, region: number): Uint8Array {
  const isInside = new Uint8Array(parents.length)
  isInside[region] = 1
  // A region comes after its parts.
  for (let at = region - 1; at >= 0; at--) if (parents[at] >= 0) isInside[at] = isInside[parents[at]]
  return isInside.subarray(0, patches)
}

/** A difference and the two regions it lies between. */
type Item = readonly [number, number, number]

/** Pairs by rising difference; ties by their numbers, so that the order is the same everywhere. */
class Heap {
  private readonly items: Item[] = []

  push(difference: number, a: number, b: number): void {
    const { items } = this
    const item: Item = [difference, Math.min(a, b), Math.max(a, b)]
    let at = items.length
    items.push(item)
    while (at > 0) {
      const up = (at - 1) >> 1
      if (!isBefore(item, items[up])) break
      items[at] = items[up]
      at = up
    }
    items[at] = item
  }

  pop(): Item | null {
    const { items } = this
    const first = items[0]
    const item = items.pop()
    if (!first || !item) return null
    if (items.length === 0) return first
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= items.length) break
      if (down + 1 < items.length && isBefore(items[down + 1], items[down])) down++
      if (!isBefore(items[down], item)) break
      items[at] = items[down]
      at = down
    }
    items[at] = item
    return first
  }
}

const isBefore = (a: Item, b: Item): boolean => (a[0] !== b[0] ? a[0] < b[0] : a[1] !== b[1] ? a[1] < b[1] : a[2] < b[2])
