import { karras } from '../../algorithms/diffusion/schedules/karras.ts'
import { logSnr } from '../../algorithms/diffusion/schedules/log-snr.ts'
import { multistep } from '../../algorithms/diffusion/schedules/multistep.ts'
import { quadratic } from '../../algorithms/diffusion/schedules/quadratic.ts'
import { uniform } from '../../algorithms/diffusion/schedules/uniform.ts'
import type { Schedule } from '../../algorithms/roles.ts'
import type { Path } from '../../math/gaussian-path.ts'
import { roundHalfEven } from '../../math/rounding.ts'
import type { Subject } from './subject.ts'

/** Rising levels that a schedule visits; null where it visits one twice, or cannot take so many steps. */
function levelsOf(schedule: Schedule, path: Path, steps: number): readonly number[] | null {
  const count = path.table?.abar.length ?? 0
  try {
    const levels = schedule
      .legs(path, steps)
      .map(({ from: { label, t } }) => Math.min(count - 1, Math.max(0, roundHalfEven(label ?? t * count - 1))))
      .sort((a, b) => a - b)
    return levels.length === steps && new Set(levels).size === steps ? levels : null
  } catch {
    // A schedule that cannot be walked is none to start from.
    return null
  }
}

/**
 * The steps people write by hand, as rising levels: the model's own habit first. A search that begins with them is never worse than
 * any of them.
 */
export function handWritten({ path, habit }: Pick<Subject, 'path' | 'habit'>, steps: number): readonly (readonly number[])[] {
  const even = (spacing: 'leading' | 'trailing' | 'linspace') => uniform.make(uniform.params.parse({ spacing, offset: habit.offset }), {})
  const schedules: readonly Schedule[] = [
    even(habit.spacing),
    even('leading'),
    even('trailing'),
    multistep.make(multistep.params.parse({}), {}),
    quadratic.make(quadratic.params.parse({}), {}),
    karras.make(karras.params.parse({}), {}),
    logSnr.make(logSnr.params.parse({}), {}),
  ]
  const lists = schedules.map((schedule) => levelsOf(schedule, path, steps)).filter((list) => list !== null)
  return [...new Map(lists.map((list) => [JSON.stringify(list), list])).values()]
}
