import type { Rect } from '../../math/rect.ts'
import type { Tensor } from '../../math/tensor.ts'
import type { Patch } from './define-imagination.ts'

/** Where it is laid, what lies there, and how much of the new is laid on each pixel. */
export interface Ground {
  readonly rect: Rect
  /** Straight-alpha bytes. */
  readonly rgba: Uint8Array
  /** 0..1; where it is 0 the bytes stay as they are. */
  readonly weights: Float32Array
}

/** Mean change, in 0..1, from which on a pixel is as good as new, and the old one's own grain has no place on it. */
const NEW = 0.25

/**
 * Lays a new picture on the old one, straight-alpha: where the old shows nothing the new one appears, and nowhere it shows less.
 * @param picture [3, row, column] in 0..1, of the ground's size. @param alpha [1, row, column], or null where the picture is opaque.
 */
export function laid({ rect, rgba, weights }: Ground, { data }: Tensor, alpha: Tensor | null): Patch {
  const pixels = rect.width * rect.height
  const result = rgba.slice()
  for (let i = 0, at = 0; i < pixels; i++, at += 4) {
    const weight = weights[i] as number
    if (!(weight > 0)) continue
    const before = rgba[at + 3] as number
    const shown = Math.max(before, 255 * unit(alpha ? (alpha.data[i] as number) : 1)) * weight
    const kept = before * (1 - weight)
    const opacity = Math.floor(kept + shown + 0.5)
    if (opacity === 0) continue
    for (let c = 0; c < 3; c++) {
      const value = (kept * (rgba[at + c] as number) + shown * 255 * unit(data[c * pixels + i] as number)) / (kept + shown)
      result[at + c] = Math.floor(value + 0.5)
    }
    result[at + 3] = opacity
  }
  return { rect, rgba: result }
}

/**
 * Lays the difference of two pictures on what lies there: what an autoencoder loses of a picture it loses of both, and so it is not
 * lost. Where the difference is large the old picture's grain, which the autoencoder cannot carry, makes way for the new picture.
 * Where there is no difference every byte stays. Opacity stays as it is.
 * @param before, after [3, row, column] in 0..1, of the ground's size.
 */
export function differenceLaid({ rect, rgba, weights }: Ground, before: Tensor, after: Tensor): Patch {
  const pixels = rect.width * rect.height
  const result = rgba.slice()
  for (let i = 0, at = 0; i < pixels; i++, at += 4) {
    const weight = weights[i] as number
    if (!(weight > 0) || rgba[at + 3] === 0) continue
    let change = 0
    for (let c = 0; c < 3; c++) change += Math.abs((after.data[c * pixels + i] as number) - (before.data[c * pixels + i] as number)) / 3
    const share = Math.min(1, change / NEW)
    const fresh = share * share * (3 - 2 * share)
    for (let c = 0; c < 3; c++) {
      const old = (rgba[at + c] as number) / 255
      const [from, to] = [before.data[c * pixels + i] as number, after.data[c * pixels + i] as number]
      const value = old + weight * (to - from - fresh * (old - from))
      result[at + c] = Math.floor(255 * unit(value) + 0.5)
    }
  }
  return { rect, rgba: result }
}

const unit = (value: number): number => Math.min(1, Math.max(0, value))
