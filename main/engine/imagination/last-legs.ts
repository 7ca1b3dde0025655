import type { Model } from '../../algorithms/roles.ts'
import type { Leg } from '../../math/gaussian-path.ts'
import { lastLegs } from '../../math/timesteps.ts'
import type { GenerationCourse } from '../diffusion/course.ts'
import { refusalOf } from '../diffusion/refusal.ts'

/** The last share of a course, as its solver takes it. @throws FaultError `invalid` where nothing of it is left. */
export function lastOf({ legs, solver, path, statistics }: GenerationCourse, share: number): readonly Leg[] {
  const model: Model = { path, statistics }
  try {
    const last = lastLegs(legs, share)
    return solver.fit?.(last, model) ?? last
  } catch (thrown) {
    throw refusalOf(thrown)
  }
}
