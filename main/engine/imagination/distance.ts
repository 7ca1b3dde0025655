import { breathe } from '../breathe.ts'

/** Further than any feather reaches; squares up to here are whole numbers even in 32 bits. */
const FAR = 2 ** 24
/** Lines between two looks at the inbox. */
const SPELL = 256

/**
 * For each pixel the squared distance to the nearest whose value is `goal`, exactly; where there is none within 4096 pixels, the square
 * of that. Two passes of lower envelopes of parabolas (Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012).
 */
export async function squaredDistances(
  values: Uint8Array,
  goal: number,
  width: number,
  height: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const squares = Float32Array.from(values, (value) => (value === goal ? 0 : FAR))
  const longest = Math.max(width, height)
  const line = new Float64Array(longest)
  const hulls = new Int32Array(longest)
  const borders = new Float64Array(longest + 1)
  const along = (start: number, stride: number, length: number) => {
    for (let i = 0; i < length; i++) line[i] = squares[start + i * stride] as number
    envelopeInto(hulls, borders, line, length)
    for (let i = 0, k = 0; i < length; i++) {
      while ((borders[k + 1] as number) < i) k++
      const from = hulls[k] as number
      squares[start + i * stride] = Math.min(FAR, (i - from) ** 2 + (line[from] as number))
    }
  }
  for (let x = 0; x < width; x++) {
    along(x, width, height)
    if (x % SPELL === 0) await breathe(signal)
  }
  for (let y = 0; y < height; y++) {
    along(y * width, 1, width)
    if (y % SPELL === 0) await breathe(signal)
  }
  return squares
}

/** Which of the parabolas (x - i)² + line[i] is lowest where: their places, and the borders between them. */
function envelopeInto(hulls: Int32Array, borders: Float64Array, line: Float64Array, length: number): void {
  let last = 0
  hulls[0] = 0
  borders[0] = Number.NEGATIVE_INFINITY
  borders[1] = Number.POSITIVE_INFINITY
  for (let i = 1; i < length; i++) {
    let border = crossing(line, hulls[last] as number, i)
    while (border <= (borders[last] as number)) border = crossing(line, hulls[--last] as number, i)
    hulls[++last] = i
    borders[last] = border
    borders[last + 1] = Number.POSITIVE_INFINITY
  }
}

const crossing = (line: Float64Array, a: number, b: number): number =>
  ((line[b] as number) + b * b - (line[a] as number) - a * a) / (2 * (b - a))
