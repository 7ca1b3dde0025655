import { patchesOf, type RegionTree } from './region-tree.ts'
import { STATISTICS, type SuperpixelGraph } from './superpixel-graph.ts'

/** A colour difference that can just be seen: below it everything is one. */
const JUST_SEEN = 2

/** A set of patches that may be the thing. */
export interface Candidate {
  readonly inside: Uint8Array
  /** Pixels. */
  readonly size: number
  /** How much more unlike its surroundings it is than its parts are to each other, 0..1. */
  readonly distinctness: number
}

/**
 * What the thing may be: the regions around the points, from patches to everything, one inside the other.
 * @param on patches that belong to it. @param without for each patch whether it must not.
 */
export function candidatesAt(graph: SuperpixelGraph, tree: RegionTree, on: readonly number[], without: Uint8Array): readonly Candidate[] {
  const { parents, heights, patches } = tree
  const whole = tree.sizes.subarray(0, patches).reduce((sum, size) => sum + size, 0)
  // A region holds something it must not where one of its parts does.
  const isBarred = new Uint8Array(parents.length)
  isBarred.set(without)
  for (let region = 0; region < parents.length; region++) if (parents[region] >= 0 && isBarred[region]) isBarred[parents[region]] = 1
  const climb = (from: number, height: number): number => {
    let region = from
    while (parents[region] >= 0 && heights[parents[region]] <= height && !isBarred[parents[region]]) region = parents[region]
    return region
  }
  const stops = new Set<number>([0])
  for (const patch of on)
    for (let region = patch; parents[region] >= 0 && !isBarred[parents[region]]; region = parents[region])
      stops.add(heights[parents[region]])
  const rising = [...stops].sort((a, b) => a - b)
  return rising.map((height, i) => {
    const inside = new Uint8Array(patches)
    for (const region of new Set(on.map((patch) => climb(patch, height))))
      for (const [patch, is] of patchesOf(tree, region).entries()) if (is) inside[patch] = 1
    let size = 0
    for (let patch = 0; patch < patches; patch++) if (inside[patch]) size += graph.statistics[patch * STATISTICS]
    const next = rising[i + 1] ?? height
    return { inside, size: size / whole, distinctness: Math.max(0, 1 - Math.max(height, JUST_SEEN) / Math.max(next, JUST_SEEN)) }
  })
}
