import { setTimeout as pause } from 'node:timers/promises'
import type { ModelProgress } from '../../../preload/contract/models.ts'

export type Tell = (progress: ModelProgress) => void

/** Least time between two things told, in milliseconds: bytes come faster than anybody reads. */
const REST = 100

/** Work that tells how far it is, as a loop over what it tells: now and then, and always what it told last. */
export async function* telling<T>(work: (tell: Tell) => Promise<T>): AsyncGenerator<ModelProgress, T, void> {
  let latest: ModelProgress | undefined
  let wake = () => {}
  const ended = new AbortController()
  const result = work((progress) => {
    latest = progress
    wake()
  }).finally(() => {
    ended.abort()
    wake()
  })
  // Its failure is thrown below, once everything told before it was heard.
  result.catch(() => undefined)
  for (;;) {
    if (latest) {
      const told = latest
      latest = undefined
      yield told
      await pause(REST, undefined, { signal: ended.signal }).catch(() => undefined)
    } else if (ended.signal.aborted) return await result
    else
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
}
