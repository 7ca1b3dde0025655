import { intersect, type Rect } from '../../../main/math/rect.ts'
import type { Document, Layer } from '../../../preload/contract/document.ts'

/** The part of the document that a picture from words alone fills, which may be a small one; undefined where a draft is shown whole. */
export function frameOf({ pixels, recipe }: Layer, document: Document): Rect | undefined {
  const { width, height } = recipe?.params ?? {}
  if (!pixels || !recipe || recipe.input || recipe.objects.length > 0) return undefined
  if (typeof width !== 'number' || typeof height !== 'number') return undefined
  const { x, y } = pixels
  return intersect({ x, y, width, height }, { x: 0, y: 0, width: document.width, height: document.height }) ?? undefined
}
