import type { Wire } from './message.ts'

/** Two ends of a wire within one process. Messages are structured-cloned and arrive in a later microtask, as they would between processes. */
export function pair(): [Wire, Wire] {
  const ends = [end(), end()] as const
  let isClosed = false
  function end() {
    return {
      listener: undefined as ((message: unknown) => void) | undefined,
      early: [] as unknown[],
      onClose: undefined as (() => void) | undefined,
    }
  }
  const wire = (self: 0 | 1): Wire => {
    const mine = ends[self]
    const theirs = ends[self === 0 ? 1 : 0]
    return {
      send(message) {
        if (isClosed) return
        const copy = structuredClone(message)
        queueMicrotask(() => (theirs.listener ? theirs.listener(copy) : theirs.early.push(copy)))
      },
      receive(listener) {
        mine.listener = listener
        for (const message of mine.early.splice(0)) listener(message)
      },
      closed(listener) {
        mine.onClose = listener
      },
      close() {
        if (isClosed) return
        isClosed = true
        for (const { onClose } of ends) if (onClose) queueMicrotask(onClose)
      },
    }
  }
  return [wire(0), wire(1)]
}
