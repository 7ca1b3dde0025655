import { type Candidate, candidatesAt } from './grab-cut-candidates.ts'
import { cutPatches } from './grab-cut-patches.ts'
import type { Pieces } from './pause.ts'
import { patchesOf, type RegionTree } from './region-tree.ts'
import { neighboursOf, STATISTICS, type SuperpixelGraph } from './superpixel-graph.ts'

/** Share of the picture that the smallest thing has, and the ratio of sizes within which only the most distinct candidate is tried. */
const LEAST = 5e-4
const ALIKE = 2.5
/** Share of the picture from which on size is no argument: a click rather means the thing than a glint on it. */
const USUAL = 0.01
/** Two cuts that share so much of both together are one. */
const SAME = 0.9
/** A smaller thing is taken that has so much of the best one's score. */
const NEARLY = 0.8
/** The colour difference across a line at which it is seen well. */
const SEEN = 10

export interface Trial {
  /** For each patch whether it lies inside, 1 or 0. */
  readonly inside: Uint8Array
  /** Share of the picture. */
  readonly size: number
  /** How well the outline is seen, and how little of the picture's border is inside, 0..1. */
  readonly outline: number
  /** Sum of the distinctness of the candidates that led here. */
  support: number
}

/**
 * The patches of the thing that a patch belongs to. Its candidates are the regions of the tree: each is cut out; that cut wins which many distinct candidates lead to, whose outline is seen
 * well, and which keeps off the picture's border. Of nearly equals the smallest. Null where none is large enough to be a thing.
 * @param must 2 for patches that must not belong, 0 otherwise.
 */
export function* chooseThing(graph: SuperpixelGraph, tree: RegionTree, on: number, must: Uint8Array): Pieces<Uint8Array | null> {
  const trials = yield* trialsOf(graph, tree, on, must)
  const best = Math.max(...trials.map(scoreOf))
  const good = trials.filter((trial) => scoreOf(trial) >= NEARLY * best).sort((a, b) => a.size - b.size)
  return good[0]?.inside ?? null
}

const scoreOf = ({ support, outline, size }: Trial): number => support * outline * Math.min(1, Math.cbrt(size / USUAL))

/** The candidates that are worth it, cut out; those that come to the same are one. */
export function* trialsOf(graph: SuperpixelGraph, tree: RegionTree, on: number, must: Uint8Array): Pieces<readonly Trial[]> {
  const neighbours = neighboursOf(graph)
  const trials: Trial[] = []
  const fixed = Uint8Array.from(must)
  fixed[on] = 1
  const without = must.map((value) => (value === 2 ? 1 : 0))
  for (const { region, size, distinctness } of triedOf(candidatesAt(graph, tree, on, without))) {
    const found = yield* cutPatches(graph, patchesOf(tree, region), fixed, true)
    const inside = reached(found, on, neighbours)
    const same = trials.find((trial) => overlap(graph, trial.inside, inside) > SAME)
    const looks = looksOf(graph, inside)
    if (looks.size < LEAST) continue
    // A start that shrank to a part of itself speaks for that part only as far as it was that part.
    const support = distinctness * Math.min(1, looks.size / size)
    if (same) same.support += support
    else trials.push({ inside, support, ...looks })
    yield
  }
  return trials
}

/** The most distinct candidate of each order of size. */
function triedOf(candidates: readonly Candidate[]): readonly Candidate[] {
  const best = new Map<number, Candidate>()
  for (const candidate of candidates) {
    const order = Math.max(-1, Math.floor(Math.log(candidate.size / LEAST) / Math.log(ALIKE)))
    const other = best.get(order)
    if (!other || candidate.distinctness > other.distinctness) best.set(order, candidate)
  }
  return [...best.values()]
}

/** What of the inside hangs together with a patch. */
function reached(inside: Uint8Array, from: number, neighbours: readonly (readonly number[])[]): Uint8Array {
  const out = new Uint8Array(inside.length)
  const queue = [from]
  out[from] = 1
  for (const patch of queue)
    for (const other of neighbours[patch])
      if (inside[other] && !out[other]) {
        out[other] = 1
        queue.push(other)
      }
  return out
}

function overlap({ count, statistics }: SuperpixelGraph, a: Uint8Array, b: Uint8Array): number {
  let both = 0
  let either = 0
  for (let patch = 0; patch < count; patch++) {
    if (a[patch] && b[patch]) both += statistics[patch * STATISTICS]
    if (a[patch] || b[patch]) either += statistics[patch * STATISTICS]
  }
  return both / Math.max(1, either)
}

function looksOf(
  { count, statistics, border, voids, ends, lengths, contrasts }: SuperpixelGraph,
  inside: Uint8Array,
): { size: number; outline: number } {
  let length = 0
  let seen = 0
  for (let pair = 0; pair < lengths.length; pair++) {
    if (inside[ends[2 * pair]] === inside[ends[2 * pair + 1]]) continue
    length += lengths[pair]
    seen += lengths[pair] * (1 - Math.exp(-((contrasts[pair] / SEEN) ** 2) / 2))
  }
  let size = 0
  let whole = 0
  let touching = 0
  let around = 0
  for (let patch = 0; patch < count; patch++) {
    around += border[patch]
    whole += statistics[patch * STATISTICS]
    if (!inside[patch]) continue
    size += statistics[patch * STATISTICS]
    length += voids[patch]
    seen += voids[patch]
    touching += border[patch]
  }
  return { size: size / whole, outline: (seen / Math.max(1, length)) ** 4 * (1 - touching / Math.max(1, around)) }
}
