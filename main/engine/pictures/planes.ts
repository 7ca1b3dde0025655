import type { Rect } from '../../math/rect.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import { copyInto } from '../tiles.ts'
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

/** 1 where a pixel shows, 0 where it does not. */
export function shownOf(rgba: Uint8Array): Uint8Array {
  const shown = new Uint8Array(rgba.length / 4)
  for (let i = 0; i < shown.length; i++) shown[i] = rgba[4 * i + 3] === 0 ? 0 : 1
  return shown
}

/** The part of a picture that lies at `area` which lies at `rect`, within it. */
export function cropped(rgba: Uint8Array, area: Rect, rect: Rect): Uint8Array {
  if (rect.width === area.width && rect.height === area.height) return rgba
  const part = new Uint8Array(rect.width * rect.height * 4)
  copyInto(part, rect, rgba, area, 4)
  return part
}

/** Colours of straight-alpha RGBA bytes as [3, row, column] in 0..1; alpha is left out. */
export function planesOf(rgba: Uint8Array, { width, height }: Pick<Rect, 'width' | 'height'>): Tensor {
  const pixels = width * height
  const data = new Float32Array(3 * pixels)
  for (let channel = 0; channel < 3; channel++) {
    const plane = data.subarray(channel * pixels, (channel + 1) * pixels)
    for (let i = 0, at = channel; i < pixels; i++, at += 4) plane[i] = (rgba[at] as number) / 255
  }
  return tensor([3, height, width], data)
}

/** A picture with new colours, [3, row, column] in 0..1, and its own alpha; pixels that do not show keep their bytes. */
export function withColors(rgba: Uint8Array, { data }: Tensor): Uint8Array {
  const result = rgba.slice()
  const pixels = rgba.length / 4
  for (let channel = 0; channel < 3; channel++) {
    const plane = data.subarray(channel * pixels, (channel + 1) * pixels)
    // Storing into bytes cuts the fraction off: half a level more makes that a rounding.
    for (let i = 0, at = channel; i < pixels; i++, at += 4)
      if (rgba[at - channel + 3] !== 0) result[at] = 255 * Math.min(1, Math.max(0, plane[i] as number)) + 0.5
  }
  return result
}

/** [3, row, column] in 0..1 as opaque RGBA bytes. */
export function flatOf({ shape, data }: Tensor): Flat {
  const [, height = 0, width = 0] = shape
  const opaque = new Uint8Array(width * height * 4).fill(255)
  return { rgba: withColors(opaque, { shape, data }), width, height }
}
