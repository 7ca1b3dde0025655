/**
 * The values of a generator, and while one is long in coming, null now and then: what is counted meanwhile can be told.
 * Left early, it waits for the step under way and leaves the generator too.
 * @param pause milliseconds between two beats.
 */
export async function* withBeats<T, R>(steps: AsyncGenerator<T, R, void>, pause: number): AsyncGenerator<T | null, R, void> {
  let isDone = false
  try {
    for (;;) {
      const step = steps.next()
      while (await isLong(step, pause)) yield null
      const next = await step
      if (next.done) {
        isDone = true
        return next.value
      }
      yield next.value
    }
  } finally {
    if (!isDone) await steps.return(undefined as never).catch(() => undefined)
  }
}

/** Is it still not there after so many milliseconds? @throws what the promise is rejected with. */
async function isLong(step: Promise<unknown>, pause: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const later = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), pause)
  })
  try {
    return await Promise.race([step.then(() => false), later])
  } finally {
    clearTimeout(timer)
  }
}
