import { CLEAN, type Leg, legsOf } from './gaussian-path.ts'
import type { NoiseTable } from './noise-table.ts'
import { nodeOfLevel } from './timesteps.ts'

/**
 * Legs over every skip-th level from `end` up to below `start`, noisiest first, the last landing on no noise:
 * skip = floor((start - end) / steps). Where the steps do not divide the range there are more of them than asked for.
 * @throws RangeError where so many steps do not fit.
 */
export function strideLegs(table: NoiseTable, steps: number, start = table.abar.length, end = 0): readonly Leg[] {
  if (!(Number.isInteger(steps) && steps >= 1 && steps <= start - end))
    throw new RangeError(`The number of steps is ${steps}; it must be a whole number from 1 to ${start - end}.`)
  if (!(end >= 0 && start <= table.abar.length)) throw new RangeError(`Levels ${end} to ${start} lie outside the ${table.abar.length}.`)
  const skip = Math.floor((start - end) / steps)
  const levels: number[] = []
  for (let level = end; level < start; level += skip) levels.push(level)
  return legsOf([...levels.reverse().map((level) => nodeOfLevel(table, level)), CLEAN])
}
