/** Where a long computation stands: `step` of `steps`, with a fraction while a step is under way. */
export interface Tick<S> {
  readonly step: number
  readonly steps: number
  /** The state after the last whole step. */
  readonly state: S
}

/** One step from time to time: yields the share of it that is done (0..1), returns the next state. */
export type Advance<S> = (state: S, from: number, to: number, signal: AbortSignal) => AsyncGenerator<number, S, void>

/**
 * The one loop of every solver: takes the times in order, looks at the signal before each step and tells how far it is.
 * Yields within steps as the step does, and once after each.
 * @throws the signal's reason once it is aborted.
 */
export async function* integrate<S>(
  start: S,
  times: readonly number[],
  advance: Advance<S>,
  signal: AbortSignal,
): AsyncGenerator<Tick<S>, S, void> {
  const steps = times.length - 1
  let state = start
  for (let step = 0; step < steps; step++) {
    signal.throwIfAborted()
    const inside = advance(state, times[step], times[step + 1], signal)
    for (let next = await inside.next(); ; next = await inside.next()) {
      if (next.done) {
        state = next.value
        break
      }
      if (next.value < 1) yield { step: step + next.value, steps, state }
    }
    yield { step: step + 1, steps, state }
  }
  return state
}

/** n equal steps from 0 to 1: 0, 1/n, …, 1. */
export const uniformTimes = (n: number): readonly number[] => Array.from({ length: n + 1 }, (_, i) => i / n)

/** Runs a generator to its end. @returns what it returns. */
export async function outcome<T>(generator: AsyncGenerator<unknown, T, void>): Promise<T> {
  for (let next = await generator.next(); ; next = await generator.next()) if (next.done) return next.value
}
