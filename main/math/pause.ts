interface Port {
  onmessage: (() => void) | null
  postMessage(message: null): void
  close(): void
}
/** Node and every browser have it, as they have `AbortSignal`; timers they do not share. */
declare class MessageChannel {
  readonly port1: Port
  readonly port2: Port
}

/** Work cut into short pieces: some milliseconds between two of its steps. */
export type Pieces<T> = Generator<void, T, void>

/** Runs work piece by piece and lets what waits (a cancel, a stroke) in between. @throws the signal's reason once it is aborted. */
export async function inPieces<T>(work: Pieces<T>, signal: AbortSignal): Promise<T> {
  const { port1, port2 } = new MessageChannel()
  // To and fro: a port that is sent to while it receives goes on receiving, and nobody else has a turn.
  let [from, to] = [port1, port2]
  try {
    for (;;) {
      signal.throwIfAborted()
      const piece = work.next()
      if (piece.done) return piece.value
      await new Promise<void>((resolve) => {
        to.onmessage = resolve
        from.postMessage(null)
      })
      ;[from, to] = [to, from]
    }
  } finally {
    port1.close()
  }
}

function* nothing(): Pieces<void> {
  yield
}

/** Lets what waits have a turn. @throws the signal's reason once it is aborted. */
export const turn = (signal: AbortSignal): Promise<void> => inPieces(nothing(), signal)
