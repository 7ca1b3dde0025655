import { inPieces } from './pause.ts'

/** Milliseconds of work between two turns of others. */
const TURN = 10

function* nothing(): Generator<void, void, void> {
  yield
}

/** Steps a computation and passes on what it yields; others have a turn every few milliseconds. @throws the signal's reason once aborted. */
export async function* paced<S, T>(work: Generator<S, T, void>, signal: AbortSignal): AsyncGenerator<S, T, void> {
  let since = Date.now()
  for (;;) {
    signal.throwIfAborted()
    if (Date.now() - since > TURN) {
      await inPieces(nothing(), signal)
      since = Date.now()
    }
    const next = work.next()
    if (next.done) return next.value
    yield next.value
  }
}
