import type { Leg } from '../../math/gaussian-path.ts'
import { integrate, type Tick } from '../../math/integrate.ts'
import { expectFinite } from '../../math/mix.ts'
import type { Inverted } from '../editing.ts'

/** The states an inversion carries: one, or two that belong together. */
export type States = readonly Float64Array[]

/** Takes states from place to place, one whole step at a time: the one loop, for either way. */
export const walk = (
  start: States,
  places: readonly number[],
  step: (states: States, from: number, to: number, signal: AbortSignal) => Promise<States>,
  signal: AbortSignal,
): AsyncGenerator<Tick<States>, States, void> =>
  integrate(
    start,
    places,
    // biome-ignore lint/correctness/useYield: a step is one piece; there is nothing to tell from inside it.
    async function* (states, from, to, stop) {
      return step(states, from, to, stop)
    },
    signal,
  )

/** 0, 1, …, last. */
export const upTo = (last: number): readonly number[] => Array.from({ length: last + 1 }, (_, k) => k)

/** @throws RangeError where a picture cannot be inverted over these legs. */
export function expectInvertible(x: Float64Array, legs: readonly Leg[], least: number): void {
  if (legs.length < least) throw new RangeError(`An inversion over ${legs.length} steps; this one needs ${least} at least.`)
  expectFinite(x, 'The picture')
}

/** @throws RangeError where what was kept of an inversion is not what this one keeps. */
export function expectKept({ levels, states }: Inverted, count: number, least: number): void {
  if (states.length !== count) throw new RangeError(`This inversion keeps ${count} states, not ${states.length}.`)
  if (levels.length - 1 < least) throw new RangeError(`${levels.length} levels are too few; ${least + 1} are needed.`)
  for (const state of states) {
    if (state.length !== states[0].length) throw new RangeError(`States of ${state.length} and ${states[0].length} values do not pair.`)
    expectFinite(state, 'The inverted state')
  }
}
