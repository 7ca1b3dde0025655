import { isDeepStrictEqual } from 'node:util'
import type { EngineState } from '../../preload/contract/catalog.ts'

/** The engine's health: one value, and everybody who follows it. */
export class Health {
  #state: EngineState
  #change = Promise.withResolvers<void>()
  #running = 0

  constructor(state: EngineState) {
    this.#state = state
  }

  get state(): EngineState {
    return this.#state
  }

  set(change: Partial<EngineState>): void {
    const next = { ...this.#state, ...change }
    if (isDeepStrictEqual(next, this.#state)) return
    this.#state = next
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }

  /** Counts a task that runs models, for as long as the value returned is in use. */
  working(): Disposable {
    if (this.#running++ === 0) this.set({ status: 'working' })
    return {
      [Symbol.dispose]: () => {
        if (--this.#running === 0) this.set({ status: 'ready' })
      },
    }
  }

  /** The state now, then the newest one after every change: a slow reader misses those in between. */
  async *follow(signal: AbortSignal): AsyncGenerator<EngineState, Record<string, never>, void> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    for (let told: EngineState | undefined; !signal.aborted; ) {
      if (told !== this.#state) {
        told = this.#state
        yield told
        continue
      }
      await Promise.race([stopped, this.#change.promise])
    }
    return {}
  }
}
