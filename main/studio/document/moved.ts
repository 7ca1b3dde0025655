import { type Layer, type Mask, type Pixels, type Recipe, SIDE_LIMIT } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { PlacedRegion } from '../../../preload/contract/region.ts'

/** By how far, in whole pixels of the document. */
export interface Shift {
  readonly dx: number
  readonly dy: number
}

/** A layer elsewhere, its mask with it. What it was made from stays where it was. @throws FaultError `invalid` too far outside */
export function movedLayer(layer: Layer, shift: Shift): Layer {
  return { ...layer, pixels: layer.pixels && movedPixels(layer.pixels, shift), mask: layer.mask && movedMask(layer.mask, shift) }
}

export const movedMask = (mask: Mask, shift: Shift): Mask => ({ ...mask, pixels: movedPixels(mask.pixels, shift) })

export const movedPixels = (pixels: Pixels, { dx, dy }: Shift): Pixels => ({
  ...pixels,
  x: within(pixels.x + dx),
  y: within(pixels.y + dy),
})

/** What a layer was made from, seen from another corner of the picture. */
export function movedRecipe(recipe: Recipe, shift: Shift): Recipe {
  const objects = recipe.objects.map(({ region, becomes }) => ({ region: movedRegion(region, shift), becomes }))
  return { ...recipe, input: recipe.input && movedPixels(recipe.input, shift), objects }
}

function movedRegion(region: PlacedRegion, shift: Shift): PlacedRegion {
  const box = <B extends { x: number; y: number }>(at: B): B => ({ ...at, x: within(at.x + shift.dx), y: within(at.y + shift.dy) })
  const points = (all: readonly (readonly [number, number])[]) =>
    all.map(([x, y]): [number, number] => [within(x + shift.dx), within(y + shift.dy)])
  switch (region.from) {
    case 'rectangle':
      return box(region)
    case 'polygon':
      return { ...region, points: points(region.points) }
    case 'thing':
      return { ...region, on: points(region.on), beside: points(region.beside), box: region.box && box(region.box) }
    case 'pixels':
      return { ...region, pixels: region.pixels && movedPixels(region.pixels, shift), mask: region.mask && movedMask(region.mask, shift) }
    default:
      return region satisfies never
  }
}

function within(coordinate: number): number {
  if (Math.abs(coordinate) > SIDE_LIMIT * 2)
    throw fault('invalid', 'Nothing was moved.', 'It would lie too far outside the picture.', 'Move it less far.')
  return coordinate
}
