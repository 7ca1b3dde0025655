import type { ModelProgress } from '../../../preload/contract/models.ts'

export type Tell = (progress: ModelProgress) => void

/** Work that tells how far it is, as a loop over what it tells. Whoever is slow to listen hears the latest alone. */
export async function* telling<T>(work: (tell: Tell) => Promise<T>): AsyncGenerator<ModelProgress, T, void> {
  let latest: ModelProgress | undefined
  let wake = () => {}
  let hasEnded = false
  const result = work((progress) => {
    latest = progress
    wake()
  }).finally(() => {
    hasEnded = true
    wake()
  })
  // Its failure is thrown below, once everything told before it was heard.
  result.catch(() => undefined)
  for (;;) {
    if (latest) {
      const told = latest
      latest = undefined
      yield told
    } else if (hasEnded) return await result
    else
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
}
