import type { StudioEvent } from '../../preload/contract/event.ts'

/** Most events kept for a listener that is slow to take them. */
const BACKLOG = 128

interface Listener {
  backlog: StudioEvent[]
  /** True: the backlog was too long, and the whole state takes its place. */
  isBehind: boolean
  wake: () => void
}

/** Those who watch a project. A slow one costs bounded memory: it gets the state instead of what it missed. */
export class Audience {
  readonly #listeners = new Set<Listener>()
  #isClosed = false

  publish(event: StudioEvent): void {
    for (const listener of this.#listeners) {
      keep(listener, event)
      listener.wake()
    }
  }

  /** Sends `project.closed` as the last event. */
  close(): void {
    this.#isClosed = true
    for (const { wake } of this.#listeners) wake()
  }

  /** The opening event, then everything published, until `signal` or the end of the project. */
  async *listen(opened: () => StudioEvent, signal: AbortSignal): AsyncGenerator<StudioEvent, Record<string, never>, void> {
    const listener: Listener = { backlog: [opened()], isBehind: false, wake: () => {} }
    this.#listeners.add(listener)
    const wake = () => listener.wake()
    signal.addEventListener('abort', wake)
    try {
      for (;;) {
        if (signal.aborted) return {}
        if (listener.isBehind) {
          listener.isBehind = false
          listener.backlog = []
          yield opened()
        } else if (listener.backlog.length > 0) yield listener.backlog.shift()!
        else if (this.#isClosed) {
          yield { type: 'project.closed' }
          return {}
        } else
          await new Promise<void>((resolve) => {
            listener.wake = resolve
          })
      }
    } finally {
      signal.removeEventListener('abort', wake)
      this.#listeners.delete(listener)
    }
  }
}

function keep(listener: Listener, event: StudioEvent) {
  if (listener.isBehind) return
  const { backlog } = listener
  // Only the newest of these says anything.
  const stale = backlog.findIndex((earlier) => isNewerOf(event, earlier))
  if (stale >= 0) backlog.splice(stale, 1)
  backlog.push(event)
  if (backlog.length > BACKLOG) {
    listener.isBehind = true
    listener.backlog = []
  }
}

function isNewerOf(event: StudioEvent, earlier: StudioEvent): boolean {
  if (event.type === 'engine.changed') return earlier.type === 'engine.changed'
  return event.type === 'job.changed' && earlier.type === 'job.changed' && earlier.job.id === event.job.id
}
