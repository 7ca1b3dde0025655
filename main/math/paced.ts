import { inPieces } from './pause.ts'

function* nothing(): Generator<void, void, void> {
  yield
}

/** Steps a computation and passes on what it yields; others have a turn before each step. @throws the signal's reason once aborted. */
export async function* paced<S, T>(work: Generator<S, T, void>, signal: AbortSignal): AsyncGenerator<S, T, void> {
  for (;;) {
    await inPieces(nothing(), signal)
    const next = work.next()
    if (next.done) return next.value
    yield next.value
  }
}
