import { colourMixture } from './colour-mixture.ts'
import { LINK, opinion, type Sides } from './grab-cut-band.ts'
import { minimumCut } from './max-flow.ts'
import type { Pieces } from './pause.ts'
import { neighboursOf, STATISTICS, type SuperpixelGraph } from './superpixel-graph.ts'

/** Components of a mixture, as in GrabCut. */
const COMPONENTS = 5
const ROUNDS = 4
/** What it says for a patch that it lay inside at first, in nats a pixel, and against one next to it; further away, more. */
const NEAR = 1
const FAR = 4

/**
 * GrabCut on patches (Rother, Kolmogorov and Blake, "GrabCut: interactive foreground extraction using iterated graph cuts", 2004):
 * learns the colours of both sides, cuts, and learns anew until nothing changes.
 * @param start for each patch whether it is thought to be inside. @param must 1 inside, 2 outside, 0 either.
 * @param isLocal whether patches far from the start are less likely. @returns for each patch whether it lies inside;
 * the cut ends where one side has no patches.
 */
export function* cutPatches(graph: SuperpixelGraph, start: Uint8Array, must: Uint8Array, isLocal: boolean): Pieces<Uint8Array> {
  const { count, statistics, ends, links } = graph
  const prior = isLocal ? nearness(graph, start) : null
  const costs = links.map((link) => link * LINK)
  let inside = start
  for (let round = 0; round < ROUNDS; round++) {
    const sides = sidesOf(graph, inside)
    if (!sides) break
    const pull = new Float64Array(count)
    for (let patch = 0; patch < count; patch++) {
      const at = patch * STATISTICS
      const says = opinion(sides, statistics[at + 1], statistics[at + 2], statistics[at + 3]) + (prior?.[patch] ?? 0)
      pull[patch] = must[patch] === 1 ? Number.POSITIVE_INFINITY : must[patch] === 2 ? Number.NEGATIVE_INFINITY : says * statistics[at]
    }
    const next = yield* minimumCut({ nodes: count, pull, ends, links: costs })
    const isSame = next.every((side, patch) => side === inside[patch])
    inside = next
    yield
    if (isSame) break
  }
  return inside
}

/** What the colours of patches tell of the two sides. @returns null where one side has none. */
export function sidesOf({ statistics, beta }: SuperpixelGraph, inside: Uint8Array): Sides | null {
  const weigh = (side: number) => Float64Array.from(inside, (value, patch) => (value === side ? statistics[patch * STATISTICS] : 0))
  const within = colourMixture(statistics, weigh(1), COMPONENTS)
  const without = colourMixture(statistics, weigh(0), COMPONENTS)
  return within && without && { inside: within, outside: without, beta }
}

/** For each patch how likely its place is, in nats a pixel: falling with the number of patches between it and the start. */
function nearness(graph: SuperpixelGraph, start: Uint8Array): Float64Array {
  const neighbours = neighboursOf(graph)
  const steps = Int32Array.from(start, (isInside) => (isInside ? 0 : -1))
  const queue = [...steps.keys()].filter((patch) => steps[patch] === 0)
  const reach = Math.max(1, Math.sqrt(queue.length) / 2)
  for (const patch of queue)
    for (const other of neighbours[patch])
      if (steps[other] < 0) {
        steps[other] = steps[patch] + 1
        queue.push(other)
      }
  return Float64Array.from(steps, (step) => (step === 0 ? NEAR : -Math.min(FAR, NEAR * (step < 0 ? FAR : step / reach))))
}
