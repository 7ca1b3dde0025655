import { turn } from './pause.ts'

/** Steps a computation and passes on what it yields; others have a turn before each step. @throws the signal's reason once aborted. */
export async function* paced<S, T>(work: Generator<S, T, void>, signal: AbortSignal): AsyncGenerator<S, T, void> {
  for (;;) {
    await turn(signal)
    const next = work.next()
    if (next.done) return next.value
    yield next.value
  }
}
