import { intersect, type Rect } from '../../math/rect.ts'
import { paced } from '../breathe.ts'
import type { Size } from '../diffusion/unet.ts'
import { coverageOver } from './coverage.ts'
import type { Place } from './define-imagination.ts'
import { squaredDistances } from './distance.ts'
import { boundsOf } from './frame.ts'

/** How much of what is made anew is laid on each pixel of a rectangle, 0..1; nothing outside it. */
export interface Weights {
  readonly rect: Rect
  readonly data: Float32Array
}

/** The rectangle that a feathered region has weights on. @throws RangeError where there is no object. */
export function featheredBounds(objects: readonly Place[], feather: number, document: Size): Rect {
  const bounds = boundsOf(objects)
  if (!bounds) throw new RangeError('There is no region.')
  const reach = Math.ceil(feather)
  const grown = { x: bounds.x - reach, y: bounds.y - reach, width: bounds.width + 2 * reach, height: bounds.height + 2 * reach }
  return intersect(grown, { x: 0, y: 0, ...document }) ?? bounds
}

/**
 * The weights of a region whose edge is softened over `feather` pixels to either side: about 1/2 on the edge, exactly 0 on every pixel
 * whose middle lies as far as that from the middles of all that belong to it. The edge lies where half of the most is covered, and
 * there is none at the border of the document. Without a feather the weights are what is covered.
 */
export async function feathered(objects: readonly Place[], feather: number, document: Size, signal: AbortSignal): Promise<Weights> {
  const reach = Math.ceil(feather)
  const rect = featheredBounds(objects, feather, document)
  const covered = await coverageOver(objects, rect, signal)
  const rest = paced(signal)
  const inRows = async (each: (i: number) => void) => {
    for (let y = 0; y < rect.height; y++) {
      for (let i = y * rect.width; i < (y + 1) * rect.width; i++) each(i)
      await rest()
    }
  }
  if (feather === 0) {
    const data = new Float32Array(covered.length)
    await inRows((i) => {
      data[i] = (covered[i] as number) / 255
    })
    return { rect, data }
  }
  let most = 0
  await inRows((i) => {
    most = Math.max(most, covered[i] as number)
  })
  // From here on it only tells inside from outside. Arrays are used again: a region may have as many pixels as memory has room for.
  const inside = covered
  await inRows((i) => {
    inside[i] = (covered[i] as number) >= most / 2 ? 1 : 0
  })
  const data = await squaredDistances(inside, 0, reach + 1, rect, signal)
  const toInside = await squaredDistances(inside, 1, reach, rect, signal)
  await inRows((i) => {
    const away = inside[i] === 1 ? Math.sqrt(data[i] as number) - 1 : -Math.sqrt(toInside[i] as number)
    const share = Math.min(1, Math.max(0, 0.5 + away / (2 * feather)))
    data[i] = share * share * (3 - 2 * share)
  })
  return { rect, data }
}

/** All of a rectangle, without a feather. */
export const whole = (rect: Rect): Weights => ({ rect, data: new Float32Array(rect.width * rect.height).fill(1) })
