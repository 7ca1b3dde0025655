import type { Rect } from '../../math/rect.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import type { Flat } from './encode.ts'

/** The rectangle of the pixels that show; null where none does. @param rgba the picture that lies at `area`. */
export function shownBounds(rgba: Uint8Array, area: Rect): Rect | null {
  let left = area.width
  let right = -1
  let top = -1
  let bottom = -1
  for (let y = 0, at = 3; y < area.height; y++)
    for (let x = 0; x < area.width; x++, at += 4) {
      if (rgba[at] === 0) continue
      if (top < 0) top = y
      bottom = y
      if (x < left) left = x
      if (x > right) right = x
    }
  if (top < 0) return null
  return { x: area.x + left, y: area.y + top, width: right - left + 1, height: bottom - top + 1 }
}

/** Colours of straight-alpha RGBA bytes as [3, row, column] in 0..1; alpha is left out. */
export function planesOf(rgba: Uint8Array, { width, height }: Pick<Rect, 'width' | 'height'>): Tensor {
  const pixels = width * height
  const data = new Float32Array(3 * pixels)
  for (let i = 0; i < pixels; i++)
    for (let channel = 0; channel < 3; channel++) data[channel * pixels + i] = (rgba[4 * i + channel] as number) / 255
  return tensor([3, height, width], data)
}

/** A picture with new colours, [3, row, column] in 0..1, and its own alpha; pixels that do not show keep their bytes. */
export function withColors(rgba: Uint8Array, { data }: Tensor): Uint8Array {
  const result = Uint8Array.from(rgba)
  const pixels = rgba.length / 4
  for (let i = 0; i < pixels; i++) {
    if (rgba[4 * i + 3] === 0) continue
    for (let channel = 0; channel < 3; channel++) result[4 * i + channel] = toByte(data[channel * pixels + i] as number)
  }
  return result
}

/** [3, row, column] in 0..1 as opaque RGBA bytes. */
export function flatOf({ shape, data }: Tensor): Flat {
  const [, height = 0, width = 0] = shape
  const opaque = new Uint8Array(width * height * 4).fill(255)
  return { rgba: withColors(opaque, { shape, data }), width, height }
}

const toByte = (value: number): number => Math.floor(255 * Math.min(1, Math.max(0, value)) + 0.5)
