import type { PoissonGrid } from './poisson-grid.ts'

/** Kernels [out][in][3][3] by name, and a gain a level: `i`, `d.0` …, `b.0`, `b.1`, `u.0` …, `u2.0` …, `o` and `g`. */
export interface DirectionWeights {
  readonly levels: number
  readonly channels: number
  readonly gains: ArrayLike<number>
  kernel(name: string): ArrayLike<number>
}

/** Channels of one size, row by row. */
interface Field {
  readonly channels: number
  readonly width: number
  readonly height: number
  readonly data: Float64Array
}

const LEAK = 0.2
/** How much of the residual itself a direction is: without it training does not begin. */
const SKIP = 0.25

/** A 3 × 3 correlation with nothing beyond the border. */
export function correlated({ channels, width, height, data }: Field, kernel: ArrayLike<number>, outputs: number): Field {
  const size = width * height
  const out = new Float64Array(outputs * size)
  for (let o = 0; o < outputs; o++)
    for (let c = 0; c < channels; c++)
      for (let tap = 0; tap < 9; tap++) {
        const weight = kernel[(o * channels + c) * 9 + tap]
        const [dy, dx] = [Math.floor(tap / 3) - 1, (tap % 3) - 1]
        const [left, right] = [Math.max(0, -dx), width - Math.max(0, dx)]
        for (let y = Math.max(0, -dy); y < height - Math.max(0, dy); y++) {
          const [to, from] = [o * size + y * width, c * size + (y + dy) * width + dx]
          for (let x = left; x < right; x++) out[to + x] += weight * data[from + x]
        }
      }
  return { channels: outputs, width, height, data: out }
}

const masked = (field: Field, mask: Field): Field => ({
  ...field,
  data: field.data.map((value, i) => value * mask.data[i % mask.data.length]),
})

/** (f + leaky(kernel f)) m. */
function refined(field: Field, kernel: ArrayLike<number>, mask: Field): Field {
  const change = correlated(field, kernel, field.channels)
  return masked({ ...field, data: field.data.map((value, i) => value + Math.max(change.data[i], LEAK * change.data[i])) }, mask)
}

/** Means of two by two. */
function halved({ channels, width, height, data }: Field): Field {
  const [w, h] = [width / 2, height / 2]
  const out = new Float64Array(channels * w * h)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const from = c * width * height + 2 * y * width + 2 * x
        out[(c * h + y) * w + x] = (data[from] + data[from + 1] + data[from + width] + data[from + width + 1]) / 4
      }
  return { channels, width: w, height: h, data: out }
}

/** Twice as large, bilinear between the middles of the places, clamped at the edge. */
function doubled({ channels, width, height, data }: Field): Field {
  const [w, h] = [2 * width, 2 * height]
  const out = new Float64Array(channels * w * h)
  const reach = (at: number, length: number) => {
    const place = Math.min(length - 1, Math.max(0, (at + 0.5) / 2 - 0.5))
    const low = Math.floor(place)
    return [low, Math.min(length - 1, low + 1), place - low] as const
  }
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < h; y++) {
      const [y0, y1, v] = reach(y, height)
      for (let x = 0; x < w; x++) {
        const [x0, x1, u] = reach(x, width)
        const row = (at: number) => (c * height + at) * width
        const upper = (1 - u) * data[row(y0) + x0] + u * data[row(y0) + x1]
        const lower = (1 - u) * data[row(y1) + x0] + u * data[row(y1) + x1]
        out[(c * h + y) * w + x] = (1 - v) * upper + v * lower
      }
    }
  return { channels, width: w, height: h, data: out }
}

/** The pyramid itself, on sides that halve as often as there are levels. It is as large as what it is given: no biases. */
function pyramid(r: Field, mask: Field, { levels, channels, gains, kernel }: DirectionWeights): Field {
  let [f, m] = [masked(correlated(r, kernel('i'), channels), mask), mask]
  const kept: { readonly f: Field; readonly m: Field }[] = []
  for (let level = 0; level < levels; level++) {
    f = refined(f, kernel(`d.${level}`), m)
    kept.push({ f, m })
    ;[f, m] = [halved(f), halved(m)]
  }
  for (const name of ['b.0', 'b.1']) f = refined(f, kernel(name), m)
  for (let level = levels - 1; level >= 0; level--) {
    const before = kept[level]
    const up = doubled(f)
    f = masked({ ...up, data: up.data.map((value, i) => gains[level] * value + before.f.data[i]) }, before.m)
    for (const name of [`u.${level}`, `u2.${level}`]) f = refined(f, kernel(name), before.m)
  }
  const out = correlated(f, kernel('o'), 1)
  return masked({ ...out, data: out.data.map((value, i) => value + SKIP * r.data[i]) }, mask)
}

/** The network's direction for a residual on a grid: made larger by what is known, never resized, where the sides do not halve. */
export function directionNetwork(weights: DirectionWeights, { width, height, unknown }: PoissonGrid): (r: Float64Array) => Float64Array {
  const step = 2 ** weights.levels
  const [w, h] = [Math.ceil(width / step) * step, Math.ceil(height / step) * step]
  const padded = (values: ArrayLike<number>): Field => {
    const data = new Float64Array(w * h)
    for (let i = 0; i < width * height; i++) data[Math.floor(i / width) * w + (i % width)] = values[i]
    return { channels: 1, width: w, height: h, data }
  }
  const mask = padded(unknown)
  return (r) => {
    const { data } = pyramid(padded(r), mask, weights)
    return r.map((_, i) => data[Math.floor(i / width) * w + (i % width)])
  }
}
