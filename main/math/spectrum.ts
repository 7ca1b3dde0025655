import { transformPlanes } from './fft.ts'

/** |f| of every place of a transform of rows × columns, f counted in whole periods: 0, 1, …, -1. */
export function frequencies(rows: number, columns: number): Float64Array {
  const signed = (i: number, n: number) => (i < (n + 1) / 2 ? i : i - n)
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const [y, x] = [signed(Math.floor(at / columns), rows), signed(at % columns, columns)]
    return Math.sqrt(y * y + x * x)
  })
}

/** The power spectrum c1 / |c2 + |f||^m: natural pictures and many textures have one like it. */
export const powerLaw = (rows: number, columns: number, c1: number, c2: number, m: number): Float64Array =>
  frequencies(rows, columns).map((f) => c1 / Math.abs(c2 + f) ** m)

/** A copy of the planes with each frequency multiplied by its factor. @throws RangeError where the factors are not those of a real picture. */
export function filterPlanes(x: Float64Array, rows: number, columns: number, factor: Float64Array): Float64Array {
  return synthesize(rows, columns, [x, factor])
}

/** The planes whose transform is the sum of the given planes' transforms, each times its table of factors. */
export function synthesize(
  rows: number,
  columns: number,
  ...terms: readonly (readonly [planes: Float64Array, factor: Float64Array])[]
): Float64Array {
  const size = rows * columns
  const length = terms[0][0].length
  const sumRe = new Float64Array(length)
  const sumIm = new Float64Array(length)
  for (const [planes, factor] of terms) {
    if (planes.length !== length || length % size !== 0)
      throw new RangeError(`${planes.length} values are no planes of ${rows} × ${columns}.`)
    const re = planes.slice()
    const im = new Float64Array(length)
    transformPlanes(re, im, rows, columns, 'forward')
    for (let i = 0; i < length; i++) {
      sumRe[i] += factor[i % size] * re[i]
      sumIm[i] += factor[i % size] * im[i]
    }
  }
  transformPlanes(sumRe, sumIm, rows, columns, 'inverse')
  let [real, imaginary] = [0, 0]
  for (let i = 0; i < length; i++) {
    real = Math.max(real, Math.abs(sumRe[i]))
    imaginary = Math.max(imaginary, Math.abs(sumIm[i]))
  }
  if (imaginary > 1e-6 * real) throw new RangeError('The table of frequencies is not symmetric: the result is no real picture.')
  return sumRe
}

/** Power below this share of the greatest, the constant part left out, counts as this. */
const FLOOR = 1e-6

/**
 * Power of each frequency over patches of one plane: the mean of |F(patch - mean)|², under a Hann window unless the patches tile.
 * The constant part is the variance of the patches' means. @throws RangeError without patches.
 */
export function measureSpectrum(patches: readonly Float64Array[], rows: number, columns: number, periodic: boolean): Float64Array {
  if (patches.length === 0) throw new RangeError('There are no patches to measure.')
  const size = rows * columns
  const hann = (i: number, n: number) => Math.sin((Math.PI * (i + 0.5)) / n) ** 2
  const window = Float64Array.from({ length: size }, (_, at) =>
    periodic ? 1 : hann(Math.floor(at / columns), rows) * hann(at % columns, columns),
  )
  const power = window.reduce((sum, value) => sum + value * value, 0) / size
  const spectrum = new Float64Array(size)
  const means = patches.map((patch) => patch.reduce((a, b) => a + b, 0) / size)
  const mean = means.reduce((a, b) => a + b, 0) / means.length
  for (const [k, patch] of patches.entries()) {
    const re = patch.map((value, i) => (value - means[k]) * window[i])
    const im = new Float64Array(size)
    transformPlanes(re, im, rows, columns, 'forward')
    for (let i = 0; i < size; i++) spectrum[i] += (re[i] * re[i] + im[i] * im[i]) / (power * patches.length)
  }
  spectrum[0] = (size * means.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / means.length
  const floor = FLOOR * spectrum.reduce((most, value, i) => (i === 0 ? most : Math.max(most, value)), 0)
  return spectrum.map((value) => Math.max(value, floor))
}

/** The power law nearest to a spectrum in the logarithm, over all but the constant part: m from 1 to 3, c2 at least 1e-4. */
export function fitPowerLaw(
  spectrum: Float64Array,
  rows: number,
  columns: number,
): { readonly c1: number; readonly c2: number; readonly m: number } {
  const f = frequencies(rows, columns)
  let best = { c1: 1, c2: 1e-4, m: 2, error: Number.POSITIVE_INFINITY }
  // For each c2 the rest is a straight line; c2 is sought on a fine ramp.
  for (let step = 0; step <= 200; step++) {
    const c2 = 1e-4 * 10 ** ((step / 200) * 4.5)
    let [n, x, y, xx, xy] = [0, 0, 0, 0, 0]
    for (let i = 0; i < f.length; i++) {
      if (f[i] < 1) continue
      const [u, v] = [Math.log(c2 + f[i]), Math.log(spectrum[i])]
      n += 1
      x += u
      y += v
      xx += u * u
      xy += u * v
    }
    const m = Math.min(3, Math.max(1, -(n * xy - x * y) / (n * xx - x * x)))
    const level = (y + m * x) / n
    let error = 0
    for (let i = 0; i < f.length; i++) if (f[i] >= 1) error += (Math.log(spectrum[i]) - level + m * Math.log(c2 + f[i])) ** 2
    if (error < best.error) best = { c1: Math.exp(level), c2, m, error }
  }
  return { c1: best.c1, c2: best.c2, m: best.m }
}
