import { fault } from '../../../preload/contract/fault.ts'
import type { PlacedRegion } from '../../../preload/contract/region.ts'
import { segmentThing } from '../../math/grab-cut.ts'
import { intersect, type Rect } from '../../math/rect.ts'
import { tensor } from '../../math/tensor.ts'
import { flatten } from '../flatten.ts'
import { copyInto } from '../tiles.ts'
import { expectPixels } from './frame.ts'
import type { RegionContext, RegionMask } from './region-mask.ts'
import { bandsOf } from './scale.ts'

type Thing = Extract<PlacedRegion, { from: 'thing' }>

/** Most pixels a picture has while a thing is looked for in it. */
const MOST_PIXELS = 2 ** 24

/** A thing as it was found in a smaller picture: `rect` is all of that picture. */
export interface FoundThing extends RegionMask {
  /** Pixels of the document along a side of one of that picture. */
  readonly shrink: number
}

/**
 * What the thing under the artist's points covers, as the layer itself tells.
 * @throws FaultError `invalid` where no layer is given or nothing is shown of the thing.
 */
export async function findThing({ on, beside, box }: Thing, context: RegionContext, signal: AbortSignal): Promise<FoundThing> {
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
  const mask = await segmentThing(
    { data: rgba, width: columns, height: rows },
    {
      on: shrunk(on),
      beside: shrunk(beside),
      box: box && { x: box.x / shrink, y: box.y / shrink, width: box.width / shrink, height: box.height / shrink },
    },
    signal,
  )
  return { rect: { x: 0, y: 0, width: columns, height: rows }, mask, shrink }
}

/** The least power of two that leaves so few pixels. */
function shrinkFor(pixels: number): number {
  let shrink = 1
  while (shrink < 256 && pixels / shrink ** 2 > MOST_PIXELS) shrink *= 2
  return shrink
}

/** Pixels around a thing that are enlarged with it: twice as far as a value reaches, for where a picture ends cubics are others. */
const REACH = 4

/**
 * A part of a thing's mask at the size of the document, with soft edges where it was shrunk. @param part holds all that is covered.
 * @throws FaultError `invalid` where it is too large.
 */
export async function enlarged(
  part: RegionMask,
  { rect: all, shrink }: FoundThing,
  document: Rect,
  signal: AbortSignal,
): Promise<RegionMask> {
  if (shrink === 1) return part
  const { x, y, width, height } = part.rect
  const grown = { x: x - REACH, y: y - REACH, width: width + 2 * REACH, height: height + 2 * REACH }
  // Beyond the border of the picture nothing is known: a thing that touches it is not softened there.
  const held = intersect(grown, all) as Rect
  const large = { x: held.x * shrink, y: held.y * shrink, width: held.width * shrink, height: held.height * shrink }
  const rect = intersect(large, document) as Rect
  expectPixels(rect, 'The region is too large.', 'It')
  const small = new Uint8Array(held.width * held.height)
  copyInto(small, held, part.mask, part.rect, 1)
  const mask = new Uint8Array(rect.width * rect.height)
  const picture = tensor([1, held.height, held.width], Float32Array.from(small))
  for await (const { from, rows } of bandsOf(picture, large, [0, rect.height], signal)) {
    const count = rows.shape[1] as number
    for (let row = 0; row < count; row++)
      for (let column = 0; column < rect.width; column++) {
        const value = rows.data[row * large.width + column] as number
        mask[(from + row) * rect.width + column] = Math.min(255, Math.max(0, Math.round(value)))
      }
  }
  return { rect, mask }
}
