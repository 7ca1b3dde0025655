import { fault } from '../../../preload/contract/fault.ts'
import type { PlacedRegion } from '../../../preload/contract/region.ts'
import { segmentThing } from '../../math/grab-cut.ts'
import { intersect, type Rect } from '../../math/rect.ts'
import { tensor } from '../../math/tensor.ts'
import { flatten } from '../flatten.ts'
import type { RegionContext, RegionMask } from './region-mask.ts'
import { scaled } from './scale.ts'

type Thing = Extract<PlacedRegion, { from: 'thing' }>

/** Most pixels a picture has while a thing is looked for in it. */
const MOST_PIXELS = 2 ** 24

/**
 * What the thing under the artist's points covers, as the layer itself tells: found in a smaller picture and scaled up.
 * @throws FaultError `invalid` where no layer is given or nothing is shown of the thing.
 */
export async function thingMask({ on, beside, box }: Thing, context: RegionContext, signal: AbortSignal): Promise<RegionMask> {
  const { pixels, width, height, blobs, cache } = context
  if (!pixels)
    throw fault(
      'invalid',
      'The thing cannot be found.',
      'There is no layer with pixels to look for it in.',
      'Choose a layer with something on it.',
    )
  if (on.length === 0 && !box)
    throw fault(
      'invalid',
      'The thing cannot be found.',
      'No point lies on it, and no box around it.',
      'Click on the thing, or drag a box around it.',
    )
  const shrink = shrinkFor(width * height)
  const layer = {
    id: 'thing',
    kind: 'raster',
    name: '',
    visible: true,
    locked: false,
    opacity: 1,
    blend: 'normal',
    mask: null,
    recipe: null,
  } as const
  const blocks = flatten(
    { width, height, layers: [{ ...layer, pixels }] } as Parameters<typeof flatten>[0],
    { blobs, cache, shrink },
    signal,
  )
  let block = await blocks.next()
  while (!block.done) block = await blocks.next()
  const { rgba, width: columns, height: rows } = block.value
  const shrunk = (points: Thing['on']): [number, number][] => points.map(([x, y]) => [x / shrink, y / shrink])
  const small = await segmentThing(
    { data: rgba, width: columns, height: rows },
    {
      on: shrunk(on),
      beside: shrunk(beside),
      box: box && { x: box.x / shrink, y: box.y / shrink, width: box.width / shrink, height: box.height / shrink },
    },
    signal,
  )
  return enlarged(small, { width: columns, height: rows }, shrink, { x: 0, y: 0, width, height })
}

/** The least power of two that leaves so few pixels. */
function shrinkFor(pixels: number): number {
  let shrink = 1
  while (shrink < 256 && pixels / shrink ** 2 > MOST_PIXELS) shrink *= 2
  return shrink
}

/** The part of a small mask that covers anything, at the size of the document, with soft edges where it was shrunk. */
function enlarged(small: Uint8Array, size: { width: number; height: number }, shrink: number, document: Rect): RegionMask {
  if (shrink === 1) return { rect: document, mask: small }
  const whole = tensor([1, size.height, size.width], Float32Array.from(small))
  const [width, height] = [size.width * shrink, size.height * shrink]
  const large = scaled(whole, width, height).data
  const rect = intersect({ x: 0, y: 0, width, height }, document) as Rect
  const mask = new Uint8Array(rect.width * rect.height)
  for (let y = 0; y < rect.height; y++)
    for (let x = 0; x < rect.width; x++) mask[y * rect.width + x] = Math.min(255, Math.max(0, Math.round(large[y * width + x] as number)))
  return { rect, mask }
}
