import type { Rect } from '../../math/rect.ts'
import { intersect } from '../../math/rect.ts'
import { paced } from '../breathe.ts'
import type { Place } from './define-imagination.ts'

/**
 * How much each pixel of a rectangle belongs to any of the objects, 0..255: the most that one of them says.
 * @throws the signal's reason once it is aborted.
 */
export async function coverageOver(objects: readonly Place[], area: Rect, signal: AbortSignal): Promise<Uint8Array> {
  const rest = paced(signal)
  const covered = new Uint8Array(area.width * area.height)
  for (const { rect, mask } of objects) {
    const shared = intersect(rect, area)
    if (!shared) continue
    for (let y = shared.y; y < shared.y + shared.height; y++) {
      const from = (y - rect.y) * rect.width + shared.x - rect.x
      const to = (y - area.y) * area.width + shared.x - area.x
      for (let x = 0; x < shared.width; x++) covered[to + x] = Math.max(covered[to + x] as number, mask[from + x] as number)
      await rest()
    }
  }
  return covered
}
