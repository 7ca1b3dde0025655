/** Of Node and of every browser: a message to oneself comes after those that wait already. */
declare class MessageChannel {
  readonly port1: { onmessage: (() => void) | null; close(): void }
  readonly port2: { postMessage(message: null): void }
}

/** Work cut into short pieces: some milliseconds between two of its steps. */
export type Pieces<T> = Generator<void, T, void>

/** Runs work piece by piece and lets what waits (a cancel, a stroke) in between. @throws the signal's reason once it is aborted. */
export async function inPieces<T>(work: Pieces<T>, signal: AbortSignal): Promise<T> {
  const { port1, port2 } = new MessageChannel()
  try {
    for (;;) {
      signal.throwIfAborted()
      const piece = work.next()
      if (piece.done) return piece.value
      await new Promise<void>((resolve) => {
        port1.onmessage = resolve
        port2.postMessage(null)
      })
    }
  } finally {
    port1.close()
  }
}
