import type { Progress } from '../../../preload/contract/event.ts'
import type { BlobId } from '../../../preload/contract/ids.ts'
import type { Step } from '../../algorithms/roles.ts'
import { breathe } from '../breathe.ts'
import { encodePreview } from '../pictures/encode.ts'
import { flatOf } from '../pictures/planes.ts'
import type { Kitchen } from './recipe.ts'

/** Long side of a preview, in pixels, and the least time between two, in milliseconds. */
const PREVIEW = 384
const PREVIEW_PAUSE = 500

/** Tells a method's steps as progress: with the seconds left, and now and then a preview. */
export async function* reported<R>(
  steps: AsyncGenerator<Step, R, void>,
  { blobs }: Pick<Kitchen, 'blobs'>,
  signal: AbortSignal,
): AsyncGenerator<Progress, R, void> {
  const began = performance.now()
  let preview: BlobId | null = null
  let shownAt = Number.NEGATIVE_INFINITY
  for (;;) {
    const next = await steps.next()
    if (next.done) return next.value
    const { step, steps: all, label, preview: picture } = next.value
    const now = performance.now()
    if (picture && now - shownAt >= PREVIEW_PAUSE) {
      preview = blobs.put(await encodePreview(flatOf(picture), PREVIEW))
      shownAt = now
    }
    const left = step > 0 ? ((now - began) / 1000 / step) * (all - step) : null
    yield { step, steps: all, label, left, preview }
    await breathe(signal)
  }
}
