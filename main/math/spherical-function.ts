/** Beyond this the numbers of a harmonic leave what float64 tells apart. */
const HIGHEST = 20

/** @throws RangeError where so many coefficients are of no degree, one is not finite, or the degree is above 20. */
export function degreeOf(coefficients: Float64Array): number {
  const degree = Math.round(Math.sqrt(coefficients.length)) - 1
  if (degree < 0 || (degree + 1) ** 2 !== coefficients.length) throw new RangeError(`${coefficients.length} coefficients are of no degree.`)
  if (degree > HIGHEST) throw new RangeError(`A degree of ${degree} is above ${HIGHEST}.`)
  if (!coefficients.every(Number.isFinite)) throw new RangeError('A coefficient is not finite.')
  return degree
}

/** Place of the polar part of degree l and order m ≥ 0 in a table of them. */
export const polarPlace = (l: number, m: number): number => (l * (l + 1)) / 2 + m

/**
 * The polar parts N P_l^m, normalised and with the Condon-Shortley sign, where the cosine and the sine of the angle are given. The sine
 * keeps its sign beyond the pole: so each part is a trigonometric polynomial over the whole circle.
 */
export function polarParts(degree: number, cosine: number, sine: number): Float64Array {
  const parts = new Float64Array(polarPlace(degree, degree) + 1)
  let diagonal = Math.sqrt(1 / (4 * Math.PI))
  for (let m = 0; m <= degree; m++) {
    if (m > 0) diagonal *= -sine * Math.sqrt((2 * m + 1) / (2 * m))
    parts[polarPlace(m, m)] = diagonal
    let [before, last] = [0, diagonal]
    for (let l = m + 1; l <= degree; l++) {
      const scale = Math.sqrt((4 * l * l - 1) / (l * l - m * m))
      const lag = Math.sqrt(((l - 1) ** 2 - m * m) / (4 * (l - 1) ** 2 - 1))
      ;[before, last] = [last, scale * (cosine * last - lag * before)]
      parts[polarPlace(l, m)] = last
    }
  }
  return parts
}

/** All harmonics up to a degree at a unit vector: the basis of splats, without its end at degree 3. */
export function harmonicsAt(degree: number, [x, y, z]: ArrayLike<number> & Iterable<number>): Float64Array {
  const sine = Math.hypot(x, y)
  const parts = polarParts(degree, z, sine)
  const [cosine1, sine1] = sine > 0 ? [x / sine, y / sine] : [1, 0]
  const out = new Float64Array((degree + 1) ** 2)
  let [cosine, turn] = [1, 0]
  for (let m = 0; m <= degree; m++) {
    for (let l = m; l <= degree; l++) {
      const part = parts[polarPlace(l, m)] * (m > 0 ? Math.SQRT2 : 1)
      out[l * l + l + m] = part * cosine
      if (m > 0) out[l * l + l - m] = part * turn
    }
    ;[cosine, turn] = [cosine * cosine1 - turn * sine1, turn * cosine1 + cosine * sine1]
  }
  return out
}
