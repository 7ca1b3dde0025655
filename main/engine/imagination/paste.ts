import type { Rect } from '../../math/rect.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import type { Patch } from './define-imagination.ts'
import { bandsOf } from './scale.ts'

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
 * Lays a new picture on the old one.
 * @param picture [3, row, column] in 0..1, opaque; or with its opacity as a fourth channel, and then painted on white. Of any size,
 * scaled to the ground's.
 */
export async function laid({ rect, rgba, weights }: Ground, picture: Tensor, signal: AbortSignal): Promise<Patch> {
  const result = rgba.slice()
  const hasAlpha = picture.shape[0] === 4
  for await (const { from, rows } of bandsOf(picture, rect, rowsWith(weights, rect.width), signal)) {
    const pixels = rows.data.length / (rows.shape[0] as number)
    for (let k = 0, i = from * rect.width, at = 4 * i; k < pixels; k++, i++, at += 4) {
      const weight = weights[i] as number
      if (!(weight > 0)) continue
      const alpha = hasAlpha ? unit(rows.data[3 * pixels + k] as number) : 1
      const [shown, kept] = [255 * alpha * weight, (rgba[at + 3] as number) * (1 - weight)]
      const opacity = Math.floor(kept + shown + 0.5)
      if (opacity > 0)
        for (let c = 0; c < 3; c++) {
          const fresh = offWhite(rows.data[c * pixels + k] as number, alpha)
          result[at + c] = Math.floor((kept * (rgba[at + c] as number) + shown * 255 * fresh) / (kept + shown) + 0.5)
        }
      result[at + 3] = opacity
    }
  }
  return { rect, rgba: result }
}

/**
 * Lays the difference of two pictures on what lies there: what an autoencoder loses of a picture it loses of both, and so it is not
 * lost. Where the difference is large the old picture's grain, which the autoencoder cannot carry, makes way for the new picture.
 * Where there is no difference every byte stays.
 * @param before, after [3, row, column] in 0..1, and opacity stays as it is; or with opacity as a fourth channel, and then painted on
 * white. Of one size, scaled to the ground's.
 */
export async function differenceLaid({ rect, rgba, weights }: Ground, before: Tensor, after: Tensor, signal: AbortSignal): Promise<Patch> {
  const result = rgba.slice()
  const channels = before.shape[0] as number
  const hasAlpha = channels === 4
  for await (const { from, rows } of bandsOf(stacked(before, after), rect, rowsWith(weights, rect.width), signal)) {
    const pixels = rows.data.length / (2 * channels)
    const was = (c: number, k: number) => rows.data[c * pixels + k] as number
    const is = (c: number, k: number) => rows.data[(channels + c) * pixels + k] as number
    for (let k = 0, i = from * rect.width, at = 4 * i; k < pixels; k++, i++, at += 4) {
      const weight = weights[i] as number
      if (!(weight > 0) || (rgba[at + 3] === 0 && !hasAlpha)) continue
      let change = 0
      for (let c = 0; c < channels; c++) change += Math.abs(is(c, k) - was(c, k)) / channels
      const share = Math.min(1, change / NEW)
      const fresh = share * share * (3 - 2 * share)
      const edited = (old: number, c: number) => old + weight * (is(c, k) - was(c, k) - fresh * (old - was(c, k)))
      const old = hasAlpha ? (rgba[at + 3] as number) / 255 : 1
      const alpha = hasAlpha ? unit(edited(old, 3)) : 1
      const opacity = Math.floor(255 * alpha + 0.5)
      if (hasAlpha) result[at + 3] = opacity
      if (opacity === 0) continue
      for (let c = 0; c < 3; c++) {
        const onWhite = ((rgba[at + c] as number) / 255) * old + 1 - old
        result[at + c] = Math.floor(255 * offWhite(edited(onWhite, c), alpha) + 0.5)
      }
    }
  }
  return { rect, rgba: result }
}

/** The channels of one picture after those of another of the same size. */
export function stacked(first: Tensor, second: Tensor): Tensor {
  const [, rows = 0, columns = 0] = first.shape
  const data = new Float32Array(first.data.length + second.data.length)
  data.set(first.data)
  data.set(second.data, first.data.length)
  return tensor([(first.shape[0] ?? 0) + (second.shape[0] ?? 0), rows, columns], data)
}

/** The colour that, so opaque, looks like this on white. */
export const offWhite = (onWhite: number, alpha: number): number => (alpha > 0 ? unit((onWhite - 1 + alpha) / alpha) : 0)

/** The rows between the first and the last that have any weight. */
function rowsWith(weights: Float32Array, width: number): readonly [from: number, to: number] {
  let [first, last] = [0, weights.length - 1]
  while (first <= last && !((weights[first] as number) > 0)) first++
  while (last >= first && !((weights[last] as number) > 0)) last--
  return first > last ? [0, 0] : [Math.floor(first / width), Math.floor(last / width) + 1]
}

const unit = (value: number): number => Math.min(1, Math.max(0, value))
