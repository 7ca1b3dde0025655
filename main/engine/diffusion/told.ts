import type { Sampled, Step } from '../../algorithms/roles.ts'
import type { Tick } from '../../math/integrate.ts'
import { refusalOf } from './refusal.ts'

/** Steps as an artist follows them; what a method refuses becomes a fault. */
export async function* told<S extends Sampled | readonly Float64Array[], R>(
  ticks: AsyncGenerator<Tick<S>, R, void>,
  label: string,
  preview: () => Step['preview'],
): AsyncGenerator<Step, R, void> {
  try {
    for (let next = await ticks.next(); ; next = await ticks.next()) {
      if (next.done) return next.value
      yield { step: next.value.step, steps: next.value.steps, label, preview: preview() }
    }
  } catch (thrown) {
    throw refusalOf(thrown)
  }
}
