/** Lets waiting messages in (a stroke, a cancel) between two pieces of work. @throws AbortError when the task was cancelled. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}

/**
 * Waits for work that cannot be stopped, but no longer than until the task is cancelled.
 * @param discard what to do with a result that comes too late. @throws AbortError
 */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal, discard: (late: T) => void = () => undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work
      .then((value) => (signal.aborted ? discard(value) : resolve(value)), reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Milliseconds of work between two breaths: no stroke waits longer for it. */
const SPELL = 15

/** Breathes where the last breath is long enough ago: to be awaited after every small piece of work. @throws AbortError */
export function paced(signal: AbortSignal): () => Promise<void> | undefined {
  let rested = performance.now()
  return () => {
    if (performance.now() - rested < SPELL) return undefined
    return breathe(signal).then(() => {
      rested = performance.now()
    })
  }
}
