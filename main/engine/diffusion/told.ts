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

/** Steps of one part of a longer work: `before` of `of` steps were done when it began. */
export async function* within<R>(steps: AsyncGenerator<Step, R, void>, before: number, of: number): AsyncGenerator<Step, R, void> {
  for (let next = await steps.next(); ; next = await steps.next()) {
    if (next.done) return next.value
    yield { ...next.value, step: Math.min(of, before + next.value.step), steps: of }
  }
}
