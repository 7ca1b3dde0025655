import type { MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import { project } from '../../actions/active.ts'
import { useSettings } from '../knobs/settings.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

export type SizeName = 'square' | 'wide' | 'tall' | 'picture'

/** Where a model does not tell on what it was trained. */
const USUAL_SIDE = 512
/** Sides of a picture that is wide or tall, as shares of a square's: as many pixels, in three to two. */
const LONG = Math.sqrt(1.5)
/** From so many times the pixels it was trained on, a model begins to repeat itself. */
export const TOO_LARGE = 2

/** The nearest side that a model can make. */
export function fitting(side: number, multiple: number): number {
  return Math.max(multiple, Math.round(side / multiple) * multiple)
}

/** Sizes that suit a model, with the picture's own as near as it can be. */
export function sizesFor({ side, multiple }: Pick<ModelCard, 'side' | 'multiple'>, picture: Size): Record<SizeName, Size> {
  const usual = side ?? USUAL_SIDE
  const long = fitting(usual * LONG, multiple)
  const short = fitting(usual / LONG, multiple)
  const square = fitting(usual, multiple)
  return {
    square: { width: square, height: square },
    wide: { width: long, height: short },
    tall: { width: short, height: long },
    picture: asPicture(picture, usual, multiple),
  }
}

/** The picture's own size, or its shape where a model could not make so much of it. */
function asPicture({ width, height }: Size, side: number, multiple: number): Size {
  const share = Math.min(1, Math.sqrt((TOO_LARGE * side ** 2) / (width * height)))
  return { width: fitting(width * share, multiple), height: fitting(height * share, multiple) }
}

/** Is this the shape of a picture that a model could not make so large? Then it is made as large as it can and laid over the whole. */
export function isWhole({ width, height }: Size, model: Pick<ModelCard, 'side' | 'multiple'>, picture: Size): boolean {
  const shape = sizesFor(model, picture).picture
  const isLarger = picture.width * picture.height > TOO_LARGE * (model.side ?? USUAL_SIDE) ** 2
  return isLarger && shape.width === width && shape.height === height
}

/** The size as it is set, for methods that have one; a square of the model's own side where it is not. */
export function chosenSize(method: MethodCard, model: ModelCard): Partial<Size> {
  const properties = method.params.properties
  if (typeof properties !== 'object' || properties === null || !('width' in properties)) return {}
  const set = useSettings.getState().params[method.id] ?? {}
  const { square } = sizesFor(model, project()?.document ?? square0)
  const side = (name: 'width' | 'height') => [set[name], model.usual[name]].find((value) => typeof value === 'number') ?? square[name]
  return { width: side('width'), height: side('height') }
}

const square0: Size = { width: USUAL_SIDE, height: USUAL_SIDE }
