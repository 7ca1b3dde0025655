import type { Progress } from '../../../preload/contract/event.ts'
import type { BlobId } from '../../../preload/contract/ids.ts'
import type { Step } from '../../algorithms/roles.ts'
import { breathe } from '../breathe.ts'
import { encodePreview } from '../pictures/encode.ts'
import { flatOf } from '../pictures/planes.ts'
import type { Kitchen } from './recipe.ts'

/** Long side of a preview, in pixels, and the least time between two: so many milliseconds, and so many times what the last one took. */
const PREVIEW = 384
const PREVIEW_PAUSE = 500
const PREVIEW_SHARE = 40

/** Tells a method's steps as progress: with the seconds left, and now and then a preview. */
export async function* reported<R>(
  steps: AsyncGenerator<Step, R, void>,
  { blobs }: Pick<Kitchen, 'blobs'>,
  signal: AbortSignal,
): AsyncGenerator<Progress, R, void> {
  const began = performance.now()
  let preview: BlobId | null = null
  let dueAt = Number.NEGATIVE_INFINITY
  for (;;) {
    const next = await steps.next()
    if (next.done) return next.value
    const { step, steps: all, label } = next.value
    const now = performance.now()
    // A method makes its preview when it is asked for it.
    const picture = now >= dueAt ? next.value.preview : null
    if (picture) {
      preview = blobs.put(await encodePreview(flatOf(picture), PREVIEW))
      dueAt = now + Math.max(PREVIEW_PAUSE, PREVIEW_SHARE * (performance.now() - now))
    }
    const left = step > 0 ? ((now - began) / 1000 / step) * (all - step) : null
    yield { step, steps: all, label, left, preview }
    await breathe(signal)
  }
}
