import { CLEAN, type Leg, legsOf, type Node, type Path } from './gaussian-path.ts'
import type { NoiseTable } from './noise-table.ts'
import { roundHalfEven } from './rounding.ts'

/** How timesteps are spread over the levels of a table. */
export type Spacing = 'leading' | 'trailing' | 'linspace'

function expectSteps(steps: number, most: number): void {
  if (!(Number.isInteger(steps) && steps >= 1 && steps <= most))
    throw new RangeError(`The number of steps is ${steps}; it must be a whole number from 1 to ${most}.`)
}

/** Levels visited by DDIM, from the noisiest down. `offset` counts for leading only. @throws RangeError naming the field. */
export function ddimTimesteps(count: number, steps: number, spacing: Spacing, offset: number): number[] {
  expectSteps(steps, count)
  const gap = Math.floor(count / steps)
  const list = Array.from({ length: steps }, (_, i) => {
    if (spacing === 'leading') return (steps - 1 - i) * gap + offset
    if (spacing === 'trailing') return roundHalfEven(count - (i * count) / steps) - 1
    return steps === 1 ? 0 : roundHalfEven(((count - 1) * (steps - 1 - i)) / (steps - 1))
  })
  for (const t of list)
    if (!(t >= 0 && t < count)) throw new RangeError(`Timestep ${t} lies outside the ${count} levels: the offset ${offset} is wrong.`)
  return list
}

/** Levels visited by multistep solvers: the list would hold one entry more, which is the landing. */
export function multistepTimesteps(count: number, steps: number, spacing: Spacing, offset: number): number[] {
  expectSteps(steps, count - 1)
  const gap = Math.floor(count / (steps + 1))
  return Array.from({ length: steps }, (_, i) => {
    const k = steps - i
    if (spacing === 'leading') return k * gap + offset
    if (spacing === 'trailing') return roundHalfEven(count - (i * count) / steps) - 1
    return roundHalfEven((k * (count - 1)) / steps)
  })
}

/** The discrete levels of a path. @throws RangeError where it has none. */
export function tableOfPath(path: Path): NoiseTable {
  if (!path.table) throw new RangeError('This path has no discrete levels; choose a schedule that needs none.')
  return path.table
}

/** The node of a level. */
export function nodeOfLevel({ abar }: NoiseTable, level: number): Node {
  const value = abar[level]
  if (value === undefined) throw new RangeError(`There is no level ${level} among ${abar.length}.`)
  return { t: (level + 1) / abar.length, alpha: Math.sqrt(value), sigma: Math.sqrt(1 - value), label: level }
}

/** Where generation lands below level 0: on level 0 itself, or on the clean picture. */
export type Landing = 'first' | 'clean'

/** The level at `t`, or where it lies below the table, the landing. */
export const nodeOrLanding = (table: NoiseTable, t: number, landing: Landing): Node =>
  t >= 0 ? nodeOfLevel(table, t) : landing === 'first' ? nodeOfLevel(table, 0) : { ...CLEAN, label: 0 }

/**
 * The legs of DDIM: each goes from its timestep t to t - floor(N / S), which is not always where the next one begins.
 * @param timesteps falling.
 */
export function ddimLegs(table: NoiseTable, timesteps: readonly number[], landing: Landing): readonly Leg[] {
  const gap = Math.floor(table.abar.length / timesteps.length)
  return timesteps.map((t) => ({ from: nodeOfLevel(table, t), to: nodeOrLanding(table, t - gap, landing) }))
}

/** Legs from each listed level to the next, and from the last to the landing. @param timesteps falling. */
export function listedLegs(table: NoiseTable, timesteps: readonly number[], landing: Node): readonly Leg[] {
  for (const [i, t] of timesteps.entries())
    if (i > 0 && t >= timesteps[i - 1]) throw new RangeError(`Timestep ${t} does not fall below the one before it, ${timesteps[i - 1]}.`)
  return legsOf([...timesteps.map((t) => nodeOfLevel(table, t)), landing])
}

/** Noise over signal at a level; linear between levels. */
export function ratioAt({ abar }: NoiseTable, t: number): number {
  const ratio = (level: number) => {
    const value = Math.max(abar[level], 2 ** -24)
    return Math.sqrt((1 - value) / value)
  }
  const below = Math.min(abar.length - 1, Math.floor(t))
  const share = t - below
  return share === 0 ? ratio(below) : ratio(below) * (1 - share) + ratio(below + 1) * share
}

/** The variance-preserving node of a ratio of noise to signal. */
export function nodeOfRatio(ratio: number, t: number, label: number): Node {
  const alpha = 1 / Math.sqrt(1 + ratio * ratio)
  return { t, alpha, sigma: ratio * alpha, label }
}

/** The last share of a course, for a start from a picture instead of noise. @param strength in (0, 1]. */
export function lastLegs(legs: readonly Leg[], strength: number): readonly Leg[] {
  if (!(strength > 0 && strength <= 1)) throw new RangeError(`The strength is ${strength}; it must lie above 0 and not above 1.`)
  const taken = Math.floor(legs.length * strength)
  if (taken === 0) throw new RangeError(`A strength of ${strength} leaves nothing of ${legs.length} steps: take more of either.`)
  return legs.slice(legs.length - taken)
}
