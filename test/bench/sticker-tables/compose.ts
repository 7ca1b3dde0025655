import type { Place } from '../../../main/engine/imagination/define-imagination.ts'
import { scaled } from '../../../main/engine/imagination/scale.ts'
import type { Rect } from '../../../main/math/rect.ts'
import { type Tensor, tensor } from '../../../main/math/tensor.ts'
import type { Picture } from '../../engine/imagination/studio.ts'
import { type Exhibit, readExhibit } from './exhibits.ts'
import { asJudged, SIDE } from './model.ts'
import type { SceneText } from './scenes.ts'

/** The largest canvas that the sticker model works at as it is, in pixels: one and a half times the area it was trained on. */
export const CANVAS = { width: 96, height: 64 }

/** A scene, opaque, whose every pixel is known to belong to one object or to the ground. */
export interface Scene {
  readonly picture: Picture
  /** What it shows, in words. */
  readonly source: string
  readonly objects: readonly SceneObject[]
}
export interface SceneObject {
  /** Its square, and all of its pixels that are not wholly transparent. */
  readonly place: Place
  readonly is: string
  readonly becomes: string
}

/** Lays things side by side on a ground that is shaded from its upper to its lower edge. */
export async function composed({ style, ground: [upper, lower], objects }: SceneText): Promise<Scene> {
  const { width, height } = CANVAS
  const rgba = Uint8Array.from({ length: 4 * width * height }, (_, i) => {
    const share = Math.floor(i / (4 * width)) / (height - 1)
    return i % 4 === 3 ? 255 : Math.round(upper[i % 4] + share * (lower[i % 4] - upper[i % 4]))
  })
  const side = objects.length === 2 ? 44 : 30
  const laid: SceneObject[] = []
  for (const [i, [is, becomes]] of objects.entries()) {
    const from = `${style} ${is}`
    const to = `${style} ${becomes}`
    const stride = width / objects.length
    const rect = { x: Math.round(i * stride + (stride - side) / 2), y: Math.round((height - side) / 2), width: side, height: side }
    const exhibit = await readExhibit(from, side)
    lay(rgba, exhibit, rect)
    const mask = Uint8Array.from({ length: side * side }, (_, k) => (exhibit.rgba[4 * k + 3] > 0 ? 255 : 0))
    laid.push({ place: { rect, mask, becomes: `${from} -> ${to}` }, is: from, becomes: to })
  }
  return { picture: { rect: { x: 0, y: 0, ...CANVAS }, rgba }, source: laid.map(({ is }) => is).join(', '), objects: laid }
}

/** Source over, onto an opaque canvas. */
export function lay(canvas: Uint8Array, { side, rgba }: Exhibit, { x, y }: Rect): void {
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const from = 4 * (row * side + column)
      const to = 4 * ((y + row) * CANVAS.width + x + column)
      const alpha = rgba[from + 3] / 255
      for (let c = 0; c < 3; c++) canvas[to + c] = Math.round(rgba[from + c] * alpha + canvas[to + c] * (1 - alpha))
    }
}

/** 1 for each pixel of the canvas that belongs to no object. */
export function outside(objects: readonly SceneObject[]): Uint8Array {
  const free = new Uint8Array(CANVAS.width * CANVAS.height).fill(1)
  for (const { place } of objects) eachInside(place, (pixel) => (free[pixel] = 0))
  return free
}

/** An object cut out by its region, on white, as large as the judge knows stickers: [3, row, column] in -1..1. */
export function cutOut(canvas: Tensor, { rect, mask }: Place): Tensor {
  const { width, height } = rect
  const cut = tensor([3, height, width], new Float32Array(3 * width * height).fill(1))
  const plane = CANVAS.width * CANVAS.height
  eachInside({ rect, mask }, (pixel, k) => {
    for (let c = 0; c < 3; c++) cut.data[c * width * height + k] = canvas.data[c * plane + pixel]
  })
  return asJudged(scaled(cut, SIDE, SIDE))
}

function eachInside({ rect, mask }: Pick<Place, 'rect' | 'mask'>, visit: (pixel: number, k: number) => void): void {
  for (const [k, value] of mask.entries())
    if (value > 0) visit((rect.y + Math.floor(k / rect.width)) * CANVAS.width + rect.x + (k % rect.width), k)
}

/** The colours of opaque bytes: [3, row, column] in 0..1. */
export const coloursOf = (rgba: Uint8Array): Tensor => {
  const plane = rgba.length / 4
  return tensor(
    [3, CANVAS.height, CANVAS.width],
    Float32Array.from({ length: 3 * plane }, (_, i) => rgba[4 * (i % plane) + Math.floor(i / plane)] / 255),
  )
}
