import type { Dice } from '../../../math/dice.ts'
import { roundHalfEven } from '../../../math/rounding.ts'

/** Steps of a model, and for each step the blocks of its network that are skipped. */
export interface Candidate {
  /** Rising. */
  readonly timesteps: readonly number[]
  /** Rising block numbers, one list a step. */
  readonly skip: readonly (readonly number[])[]
}

/** What candidates are made of. */
export interface Space {
  /** The timesteps there are to choose from, rising. */
  readonly pool: readonly number[]
  readonly steps: number
  /** Number of blocks that can be skipped; 0 for a network without that input. */
  readonly blocks: number
  /** Most blocks run over all steps; infinite where only steps are sought. */
  readonly budget: number
  /** Steps known to be good, rising, looked at after the even ones: the result is never worse than they. */
  readonly firsts?: readonly (readonly number[])[]
}

/** @throws RangeError naming what cannot be. */
export function expectSpace({ pool, steps, blocks, budget }: Space): void {
  if (!(steps >= 1 && steps <= pool.length)) throw new RangeError(`${steps} steps cannot be chosen from ${pool.length}.`)
  if (budget < 0 || (blocks > 0 && Number.isNaN(budget))) throw new RangeError(`A budget of ${budget} blocks is none.`)
}

const rising = (list: Iterable<number>) => [...list].sort((a, b) => a - b)

/** The name of a candidate in the cache. */
export const nameOf = ({ timesteps, skip }: Candidate): string => JSON.stringify([timesteps, skip])

/** The evenly spread candidate, no block skipped: what every search starts from and can never end below. */
export function uniformCandidate({ pool, steps }: Space): Candidate {
  const at = (i: number) => pool[steps === 1 ? 0 : roundHalfEven((i * (pool.length - 1)) / (steps - 1))]
  return { timesteps: Array.from({ length: steps }, (_, i) => at(i)), skip: Array.from({ length: steps }, () => []) }
}

/** Random blocks to skip: a share of all between `low` and `high`. */
function randomSkip({ blocks }: Space, low: number, high: number, dice: Dice): number[] {
  const count = Math.floor(blocks * (low + (high - low) * dice.uniform()))
  return drawFrom(
    Array.from({ length: blocks }, (_, i) => i),
    count,
    dice,
  )
}

function drawFrom(list: readonly number[], count: number, dice: Dice): number[] {
  const left = [...list]
  return rising(Array.from({ length: count }, () => left.splice(dice.below(left.length), 1)[0]))
}

/** Steps with their skips, brought in order, and within the budget by skipping more. */
function settle(space: Space, pairs: readonly (readonly [number, readonly number[]])[], dice: Dice): Candidate {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0])
  const skip = sorted.map(([, list]) => [...list])
  let run = skip.reduce((sum, list) => sum + space.blocks - list.length, 0)
  while (space.blocks > 0 && run > space.budget) {
    const step = dice.below(skip.length)
    const kept = Array.from({ length: space.blocks }, (_, i) => i).filter((block) => !skip[step].includes(block))
    if (kept.length === 0) continue
    skip[step] = rising([...skip[step], dice.pick(kept)])
    run--
  }
  return { timesteps: sorted.map(([t]) => t), skip }
}

/** Steps drawn from the pool, each without a random share of its blocks between `low` and `high`, or more where the budget asks for it. */
export function randomCandidate(space: Space, low: number, high: number, dice: Dice): Candidate {
  const timesteps = drawFrom(space.pool, space.steps, dice)
  return settle(
    space,
    timesteps.map((t) => [t, randomSkip(space, low, high, dice)]),
    dice,
  )
}

/** Each step gives way, at that rate, to one not in the set; each skipped block likewise to one that is run. */
export function mutate(space: Space, { timesteps, skip }: Candidate, rate: number, low: number, high: number, dice: Dice): Candidate {
  const taken = new Set(timesteps)
  const pairs = timesteps.map((t, i): [number, readonly number[]] => {
    const free = space.pool.filter((other) => !taken.has(other))
    let now = t
    if (free.length > 0 && dice.chance(rate)) {
      now = dice.pick(free)
      taken.delete(t)
      taken.add(now)
    }
    const list = new Set(skip[i])
    if (list.size === 0) return [now, space.blocks > 0 && dice.chance(rate) ? randomSkip(space, low, high, dice) : []]
    for (const block of skip[i]) {
      const run = Array.from({ length: space.blocks }, (_, k) => k).filter((other) => !list.has(other))
      if (run.length === 0 || !dice.chance(rate)) continue
      list.delete(block)
      list.add(dice.pick(run))
    }
    return [now, rising(list)]
  })
  return settle(space, pairs, dice)
}

/** Step by step from one parent or the other; a step that came twice is replaced by one not yet used. */
export function cross(space: Space, a: Candidate, b: Candidate, dice: Dice): Candidate {
  const length = Math.max(a.timesteps.length, b.timesteps.length)
  const taken = new Set<number>()
  const pairs: [number, readonly number[]][] = []
  for (let i = 0; i < length; i++) {
    const both = i < a.timesteps.length && i < b.timesteps.length
    const parent = both ? (dice.chance(0.5) ? a : b) : i < a.timesteps.length ? a : b
    let t = parent.timesteps[i]
    if (taken.has(t)) t = dice.pick(space.pool.filter((other) => !taken.has(other)))
    taken.add(t)
    pairs.push([t, parent.skip[i]])
  }
  return settle(space, pairs, dice)
}
