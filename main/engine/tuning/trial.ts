import type { Look } from './kind.ts'

/** At most so many of a search's best are tried on the held-out cases. */
export const FINALISTS = 8

/** What a trial came to. */
export interface Verdict<T> {
  /** The one to keep, and the best of the usual ones. */
  readonly kept: T
  readonly usual: T
  /** Does the one that is kept come from the search? */
  readonly isFound: boolean
  /** Mean distances on the held-out cases; null where none were held out. */
  readonly keptHeldOut: number | null
  readonly usualHeldOut: number | null
}

/** Runs of a trial at most, each on every held-out case. @param usual how many of the usual ones there are. */
export const runsOfTrial = (usual: number): number => FINALISTS + usual

/**
 * Which of the best of a search holds up on cases that it was not sought with. The best of many is the luckiest as well: so several
 * are tried, and the winner is kept only where it is nearer than the best of the usual ones by more than the standard error of that
 * difference, case by case. Without held-out cases the search is believed. Yields before each run.
 * @param ranking all that was looked at, the best first, usual ones among them. @param distances of each held-out case.
 */
export async function* trial<T>(
  ranking: readonly T[],
  isUsual: (one: T) => boolean,
  heldOut: number,
  distances: (one: T) => Promise<readonly number[]>,
): AsyncGenerator<Look<never>, Verdict<T>, void> {
  const [best] = ranking
  if (best === undefined) throw new RangeError('Of nothing, nothing is best.')
  const usual = ranking.filter(isUsual)
  const firstUsual = ranking.findIndex(isUsual)
  const found = ranking.slice(0, Math.min(FINALISTS, firstUsual < 0 ? ranking.length : firstUsual))
  const unchecked = { kept: best, usual: usual[0] ?? best, isFound: found.length > 0, keptHeldOut: null, usualHeldOut: null }
  if (heldOut === 0) return unchecked

  const count = found.length + usual.length
  let done = 0
  const rival = yield* nearestOf(usual)
  const winner = yield* nearestOf(found)
  const kept = winner && (!rival || isNearer(winner.each, rival.each)) ? winner : (rival ?? winner)
  if (!kept) return unchecked
  const against = rival ?? kept
  return {
    kept: kept.one,
    usual: against.one,
    isFound: kept === winner,
    keptHeldOut: mean(kept.each),
    usualHeldOut: mean(against.each),
  }

  async function* nearestOf(ones: readonly T[]): AsyncGenerator<Look<never>, Run<T> | undefined, void> {
    let nearest: Run<T> | undefined
    for (const one of ones) {
      yield { label: `Finalist ${++done} of ${count}, on ${heldOut} held-out noises` }
      const run = { one, each: await distances(one) }
      if (!nearest || mean(run.each) < mean(nearest.each)) nearest = run
    }
    return nearest
  }
}

interface Run<T> {
  readonly one: T
  readonly each: readonly number[]
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Is the mean of the differences, pair by pair, beyond its standard error? Of a single pair, is it any at all? */
function isNearer(found: readonly number[], usual: readonly number[]): boolean {
  const gains = found.map((distance, k) => (usual[k] as number) - distance)
  const gain = mean(gains)
  const spread = gains.length > 1 ? gains.reduce((sum, value) => sum + (value - gain) ** 2, 0) / (gains.length - 1) : 0
  return gain > Math.sqrt(spread / gains.length)
}
