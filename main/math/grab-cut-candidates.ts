import type { RegionTree } from './region-tree.ts'
import type { SuperpixelGraph } from './superpixel-graph.ts'

/** A colour difference that can just be seen: below it everything is one. */
const JUST_SEEN = 2
/** How unlike nothing is from something, where there is nothing around: well more than most things are from each other. */
const CUT_OUT = 60

/** A region of the tree that may be the thing. */
export interface Candidate {
  readonly region: number
  /** Share of the picture. */
  readonly size: number
  /** How much more unlike its surroundings it is than its parts are to each other, 0..1. */
  readonly distinctness: number
}

/**
 * What the thing may be: the regions around a patch, from itself to everything, one inside the other.
 * @param without for each patch whether it must not belong.
 */
export function candidatesAt({ voids }: SuperpixelGraph, tree: RegionTree, on: number, without: Uint8Array): readonly Candidate[] {
  const { parents, heights, sizes, patches } = tree
  const whole = sizes.subarray(0, patches).reduce((sum, size) => sum + size, 0)
  // A region holds something it must not where one of its parts does.
  const isBarred = new Uint8Array(parents.length)
  isBarred.set(without)
  for (let region = 0; region < parents.length; region++) if (parents[region] >= 0 && isBarred[region]) isBarred[parents[region]] = 1
  const isCutOut = voids.some((sides) => sides > 0)
  const candidates: Candidate[] = []
  for (let region = on; region >= 0 && (region === on || !isBarred[region]); region = parents[region]) {
    const parent = parents[region]
    const next = Math.max(JUST_SEEN, parent >= 0 ? heights[parent] : isCutOut ? CUT_OUT : 0)
    const distinctness = Math.max(0, 1 - Math.max(heights[region], JUST_SEEN) / next)
    candidates.push({ region, size: sizes[region] / whole, distinctness })
  }
  return candidates
}
