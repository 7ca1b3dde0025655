import type { Candidate } from './grab-cut-candidates.ts'
import { cutPatches, type PatchCut } from './grab-cut-patches.ts'
import type { Pieces } from './pause.ts'
import { STATISTICS, type SuperpixelGraph } from './superpixel-graph.ts'

/** Candidates that are cut out on trial, the most distinct first. */
const TRIALS = 7
/** Share of the picture that the smallest thing has. */
const LEAST = 5e-4
/** Two cuts that share so much of both together are one. */
const SAME = 0.9
/** A smaller thing is taken that has so much of the best one's score. */
const NEARLY = 0.8
/** The colour difference across a line at which it is seen well. */
const SEEN = 10

interface Trial {
  readonly cut: PatchCut
  readonly size: number
  /** How well the outline is seen, and how little of the picture's border is inside, 0..1. */
  readonly outline: number
  /** Sum of the distinctness of the candidates that led here. */
  support: number
}

/**
 * The thing among its candidates: each is cut out; that cut wins which many distinct candidates lead to, whose outline is seen
 * well, and which keeps off the picture's border. Of nearly equals the smallest.
 */
export function* chooseThing(
  graph: SuperpixelGraph,
  candidates: readonly Candidate[],
  on: readonly number[],
  must: Uint8Array,
): Pieces<PatchCut | null> {
  const large = candidates.filter(({ size }) => size >= LEAST)
  const tried = [...(large.length > 0 ? large : candidates)].sort((a, b) => b.distinctness - a.distinctness).slice(0, TRIALS)
  const neighbours = neighboursOf(graph)
  const trials: Trial[] = []
  for (const { inside: start, distinctness } of tried) {
    const found = yield* cutPatches(graph, start, must, true)
    if (!found) continue
    const inside = reached(found.inside, on, neighbours)
    const same = trials.find(({ cut }) => overlap(graph, cut.inside, inside) > SAME)
    if (same) same.support += distinctness
    else trials.push({ cut: { ...found, inside }, support: distinctness, ...looksOf(graph, inside) })
    yield
  }
  const scoreOf = ({ support, outline }: Trial): number => support * outline
  const best = Math.max(...trials.map(scoreOf))
  const good = trials.filter((trial) => scoreOf(trial) >= NEARLY * best).sort((a, b) => a.size - b.size)
  return good[0]?.cut ?? null
}

/** For each patch those that touch it. */
function neighboursOf({ count, ends }: SuperpixelGraph): readonly (readonly number[])[] {
  const neighbours: number[][] = Array.from({ length: count }, () => [])
  for (let k = 0; k < ends.length; k += 2) {
    neighbours[ends[k]].push(ends[k + 1])
    neighbours[ends[k + 1]].push(ends[k])
  }
  return neighbours
}

/** What of the inside hangs together with some patches. */
function reached(inside: Uint8Array, from: readonly number[], neighbours: readonly (readonly number[])[]): Uint8Array {
  const out = new Uint8Array(inside.length)
  const queue = from.filter((patch) => inside[patch])
  for (const patch of queue) out[patch] = 1
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
  { count, statistics, border, ends, lengths, contrasts }: SuperpixelGraph,
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
  let touching = 0
  let around = 0
  for (let patch = 0; patch < count; patch++) {
    around += border[patch]
    if (!inside[patch]) continue
    size += statistics[patch * STATISTICS]
    touching += border[patch]
  }
  return { size, outline: ((seen / Math.max(1, length)) * (1 - touching / Math.max(1, around))) ** 2 }
}
