import { fault } from '../../../preload/contract/fault.ts'
import type { Rect } from '../../math/rect.ts'
import { unite } from '../../math/rect.ts'
import type { ModelFolder } from '../diffusion/folder.ts'
import type { Size } from '../diffusion/unet.ts'
import type { Place } from './define-imagination.ts'

/** Where a model does not tell the side of its pictures, in cells of a latent. */
const USUAL_CELLS = 64
/** Beyond so many times the area it was trained on, a model repeats itself, and its attention takes memory with the square of that. */
const MOST_AREA = 4

/** Side of the pictures a model was trained on, in pixels. */
export const sideOf = ({ side, autoencoder, multiple }: ModelFolder): number =>
  side ?? Math.ceil((USUAL_CELLS * autoencoder.factor) / multiple) * multiple

/** The next multiples that hold a size. @throws FaultError `invalid` where the model cannot make so large a picture. */
export function fittingSize(folder: ModelFolder, { width, height }: Size): Size {
  const { multiple } = folder
  const size = { width: Math.ceil(width / multiple) * multiple, height: Math.ceil(height / multiple) * multiple }
  const side = sideOf(folder)
  if (size.width * size.height > MOST_AREA * side ** 2)
    throw fault(
      'invalid',
      'The picture is too large for this model.',
      `It was trained on ${side} × ${side} pixels; asked for were ${width} × ${height}, more than four times as many.`,
      'Make it smaller and enlarge it afterwards, or choose another model.',
    )
  return size
}

/** Most pixels that are worked on at once: 64 megapixels. */
const MOST_PIXELS = 64e6

/**
 * @param what cannot be done, as a sentence. @param it the beginning of the sentence that tells how much it spans.
 * @throws FaultError `invalid` where that is more than is worked on at once.
 */
export function expectPixels({ width, height }: Size, what: string, it: string): void {
  if (width * height <= MOST_PIXELS) return
  const why = `${it} spans ${width} × ${height} pixels; 64 megapixels are the most.`
  throw fault('invalid', what, why, 'Show a smaller region, or work on it in parts.')
}

/** A rectangle of that size in the middle of the document. */
export const centred = ({ width, height }: Size, document: Size): Rect => ({
  x: Math.round((document.width - width) / 2),
  y: Math.round((document.height - height) / 2),
  width,
  height,
})

/** The least rectangle that holds all objects; null where there are none. */
export const boundsOf = (objects: readonly Place[]): Rect | null => objects.reduce<Rect | null>((all, { rect }) => unite(all, rect), null)

/** From how many times its size on what a model made looks soft. */
const SOFT = 2

/** A warning where what a model made at one width is shown at another, much larger. */
export const enlargedNotes = (made: number, shown: number): readonly string[] =>
  shown <= SOFT * made
    ? []
    : [
        `The model works at ${made} pixels where the picture has ${shown}: what is new is softer than its surroundings. A smaller region is sharper.`,
      ]
