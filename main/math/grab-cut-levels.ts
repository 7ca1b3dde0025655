import type { Pieces } from './pause.ts'

/** Straight-alpha rgba8. */
export interface Pixmap {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** Rows between two pauses. */
const STRETCH = 64

/** A picture and its halves, quarters and so on, the whole first, until one has no more pixels than that. */
export function* levelsOf(picture: Pixmap, pixels: number): Pieces<readonly Pixmap[]> {
  const levels = [picture]
  for (let last = picture; last.width * last.height > pixels; levels.push(last)) last = yield* halved(last)
  return levels
}

/** Means of two by two pixels, weighed by their alpha. */
function* halved({ data, width, height }: Pixmap): Pieces<Pixmap> {
  const across = Math.ceil(width / 2)
  const down = Math.ceil(height / 2)
  const out = new Uint8Array(across * down * 4)
  for (let y = 0; y < down; y++) {
    if (y % STRETCH === 0) yield
    const above = 2 * y * width
    const below = Math.min(2 * y + 1, height - 1) * width
    for (let x = 0; x < across; x++) {
      const left = 2 * x
      const right = Math.min(2 * x + 1, width - 1)
      const [i, j, k, l] = [4 * (above + left), 4 * (above + right), 4 * (below + left), 4 * (below + right)]
      const [p, q, r, s] = [data[i + 3], data[j + 3], data[k + 3], data[l + 3]]
      const alpha = p + q + r + s
      const to = 4 * (y * across + x)
      if (alpha === 0) continue
      for (let c = 0; c < 3; c++)
        out[to + c] = Math.floor((p * data[i + c] + q * data[j + c] + r * data[k + c] + s * data[l + c]) / alpha + 0.5)
      // Next to nothing is still not nothing.
      out[to + 3] = Math.max(1, alpha >> 2)
    }
  }
  return { data: out, width: across, height: down }
}

/** A mask of a half for its whole. */
export function doubled(mask: Uint8Array, width: number, height: number): Uint8Array {
  const across = Math.ceil(width / 2)
  const out = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[y * width + x] = mask[(y >> 1) * across + (x >> 1)]
  return out
}
