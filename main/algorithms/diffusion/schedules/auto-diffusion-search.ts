import { diceOf } from '../../../math/dice.ts'
import type { Tick } from '../../../math/integrate.ts'
import type { Noise } from '../../../math/random.ts'
import {
  type Candidate,
  cross,
  expectSpace,
  mutate,
  nameOf,
  randomCandidate,
  type Space,
  uniformCandidate,
} from './auto-diffusion-candidates.ts'

/** How long and how widely to look. */
export interface Evolution {
  readonly population: number
  readonly parents: number
  readonly mutations: number
  readonly crossovers: number
  /** Of a gene to change: 0.1 for steps alone, 0.25 with blocks. */
  readonly rate: number
  readonly epochs: number
  /** Most and least share of blocks that a random skip takes, once blocks are sought. */
  readonly maxPrune: number
  readonly minPrune: number
}

/** Sizes as published; a small model can afford them. */
export const published: Evolution = {
  population: 50,
  parents: 10,
  mutations: 25,
  crossovers: 10,
  rate: 0.1,
  epochs: 10,
  maxPrune: 0,
  minPrune: 0,
}

export interface Scored {
  readonly candidate: Candidate
  /** Lower is better. */
  readonly score: number
}

/** Where a search stands: all it needs to go on. */
export interface Search {
  readonly epoch: number
  /** Of this epoch, still to be looked at, the next first. */
  readonly waiting: readonly Candidate[]
  /** All that was scored, best first. */
  readonly scored: readonly Scored[]
  /** Name of the best at the end of the last epoch. */
  readonly before: string
  /** Epoch from which blocks are sought too; null while only steps are. */
  readonly blocksFrom: number | null
  readonly noise: Noise
}

/** Epoch after which blocks are sought at the latest, in so many widenings up to the most; from the sixth the least counts too. */
const STEPS_ALONE = 4
const WIDENINGS = 5
const LEAST_FROM = 6

function begin(space: Space, evolution: Evolution, noise: Noise): Search {
  const dice = diceOf(noise)
  // Changed at no rate: only brought within the budget.
  const settled = (candidate: Candidate) => mutate(space, candidate, 0, 0, 0, dice)
  const even = settled(uniformCandidate(space))
  const half = Math.floor(evolution.population / 2)
  const waiting = [even]
  for (const timesteps of space.firsts ?? []) waiting.push(settled({ timesteps, skip: timesteps.map(() => []) }))
  for (let i = 0; i < half; i++) waiting.push(randomCandidate(space, 0, 0, dice))
  while (waiting.length < evolution.population) waiting.push(mutate(space, even, 0.1, 0, 0, dice))
  return { epoch: 0, waiting, scored: [], before: '', blocksFrom: null, noise: dice.noise }
}

/** The next epoch's population: children of the best, and newcomers. */
function breed(space: Space, evolution: Evolution, search: Search): Search {
  const dice = diceOf(search.noise)
  const best = nameOf(search.scored[0].candidate)
  const epoch = search.epoch + 1
  const stuck = best === search.before || epoch > STEPS_ALONE
  const blocksFrom = search.blocksFrom ?? (space.blocks > 0 && stuck ? epoch : null)
  const high = blocksFrom === null ? 0 : Math.min(1, (epoch - blocksFrom + 1) / WIDENINGS) * evolution.maxPrune
  const low = blocksFrom !== null && epoch >= LEAST_FROM ? Math.min(high, evolution.minPrune) : 0
  const parents = search.scored.slice(0, evolution.parents).map((one) => one.candidate)
  const waiting: Candidate[] = []
  for (let i = 0; i < evolution.mutations; i++) waiting.push(mutate(space, dice.pick(parents), evolution.rate, low, high, dice))
  for (let i = 0; i < evolution.crossovers; i++) waiting.push(cross(space, dice.pick(parents), dice.pick(parents), dice))
  while (waiting.length < evolution.population) waiting.push(randomCandidate(space, low, high, dice))
  return { ...search, epoch, waiting, before: best, blocksFrom, noise: dice.noise }
}

/**
 * Seeks the steps, and with `space.blocks` the blocks to skip, that score best: first steps alone, then blocks as well, by mutation
 * and crossing of the best so far. Each candidate is scored once. Yields after each new score; the even candidate is the first, so
 * the result is never worse.
 * @param noise randomness, for a new search. @param from a search that was stopped.
 * @throws the signal's reason once it is aborted; RangeError where the space is empty.
 */
export async function* searchSteps(
  space: Space,
  evolution: Evolution,
  score: (candidate: Candidate, signal: AbortSignal) => Promise<number>,
  noise: Noise,
  signal: AbortSignal,
  from?: Search,
): AsyncGenerator<Tick<Search>, Scored, void> {
  expectSpace(space)
  const steps = evolution.population * evolution.epochs
  let search = from ?? begin(space, evolution, noise)
  const known = new Set(search.scored.map((one) => nameOf(one.candidate)))
  for (;;) {
    while (search.waiting.length > 0) {
      const [candidate, ...waiting] = search.waiting
      const name = nameOf(candidate)
      if (known.has(name)) {
        search = { ...search, waiting }
        continue
      }
      signal.throwIfAborted()
      const scored = [...search.scored, { candidate, score: await score(candidate, signal) }].sort((a, b) => a.score - b.score)
      known.add(name)
      search = { ...search, waiting, scored }
      yield { step: search.epoch * evolution.population + evolution.population - waiting.length, steps, state: search }
    }
    if (search.epoch + 1 >= evolution.epochs) return search.scored[0]
    search = breed(space, evolution, search)
  }
}
