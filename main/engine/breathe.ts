/** Lets waiting messages in (a stroke, a cancel) between two pieces of work. @throws AbortError when the task was cancelled. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}
