import { transformPlanes } from './fft.ts'
import { degreeOf, polarParts, polarPlace } from './spherical-function.ts'

/** A function on the torus, Σ F[u, v] e^{i(u θ + v φ)} with u, v from -degree to degree, [u, v] row-major. */
export interface TorusFunction {
  readonly degree: number
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Fourier coefficients of polar parts, [place, u + degree]. */
interface PolarSeries {
  readonly re: Float64Array
  readonly im: Float64Array
}

const widthOf = (degree: number) => 2 * degree + 1
const cached = <T>(make: (degree: number) => T) => {
  const known = new Map<number, T>()
  return (degree: number): T => {
    const found = known.get(degree) ?? make(degree)
    known.set(degree, found)
    return found
  }
}

const polarSeries = cached((degree): PolarSeries => {
  const width = widthOf(degree)
  const places = polarPlace(degree, degree) + 1
  const [re, im] = [new Float64Array(places * width), new Float64Array(places * width)]
  const samples = width + 2
  for (let k = 0; k < samples; k++) {
    const angle = (2 * Math.PI * k) / samples
    const parts = polarParts(degree, Math.cos(angle), Math.sin(angle))
    for (let u = -degree; u <= degree; u++) {
      const [c, s] = [Math.cos(u * angle) / samples, -Math.sin(u * angle) / samples]
      for (let place = 0; place < places; place++) {
        re[place * width + u + degree] += parts[place] * c
        im[place * width + u + degree] += parts[place] * s
      }
    }
  }
  return { re, im }
})

/** ∫ of the polar part times sin θ times e^{iuθ} over 0..π, [place, u + degree]: what turns Fourier coefficients back. */
const polarIntegrals = cached((degree): PolarSeries => {
  const width = widthOf(degree)
  const series = polarSeries(degree)
  const places = polarPlace(degree, degree) + 1
  const [re, im] = [new Float64Array(places * width), new Float64Array(places * width)]
  for (let place = 0; place < places; place++) {
    const at = (list: Float64Array, k: number) => (Math.abs(k) <= degree ? list[place * width + k + degree] : 0)
    for (let u = -degree; u <= degree; u++)
      for (let k = -degree - 1; k <= degree + 1; k++) {
        // The part times sin θ: (t[k - 1] - t[k + 1]) / 2i.
        const sRe = (at(series.im, k - 1) - at(series.im, k + 1)) / 2
        const sIm = -(at(series.re, k - 1) - at(series.re, k + 1)) / 2
        const n = u + k
        if (n === 0) {
          re[place * width + u + degree] += Math.PI * sRe
          im[place * width + u + degree] += Math.PI * sIm
        } else if (n % 2 !== 0) {
          re[place * width + u + degree] -= (2 / n) * sIm
          im[place * width + u + degree] += (2 / n) * sRe
        }
      }
  }
  return { re, im }
})

/** Spherical harmonics as a Fourier series; an order m occurs in the columns m and -m alone. */
export function toTorus(coefficients: Float64Array): TorusFunction {
  const degree = degreeOf(coefficients)
  const width = widthOf(degree)
  const { re: tRe, im: tIm } = polarSeries(degree)
  const [re, im] = [new Float64Array(width * width), new Float64Array(width * width)]
  const half = Math.SQRT1_2
  for (let l = 0; l <= degree; l++)
    for (let m = -l; m <= l; m++) {
      const x = coefficients[l * l + l + m]
      if (x === 0) continue
      const row = polarPlace(l, Math.abs(m)) * width
      for (let u = 0; u < width; u++) {
        const [a, b] = [x * tRe[row + u], x * tIm[row + u]]
        const add = (v: number, addRe: number, addIm: number) => {
          re[u * width + v + degree] += addRe
          im[u * width + v + degree] += addIm
        }
        if (m === 0) add(0, a, b)
        else if (m > 0) {
          add(m, half * a, half * b)
          add(-m, half * a, half * b)
        } else {
          add(-m, half * b, -half * a)
          add(m, -half * b, half * a)
        }
      }
    }
  return { degree, re, im }
}

/** The product of two functions on the torus: their coefficients' convolution, by transforms of the padded planes. */
function torusProduct(f: TorusFunction, h: TorusFunction): TorusFunction {
  const degree = f.degree + h.degree
  const width = widthOf(degree)
  const padded = ({ degree: own, re, im }: TorusFunction) => {
    const [outRe, outIm] = [new Float64Array(width * width), new Float64Array(width * width)]
    for (let u = 0; u < widthOf(own); u++) {
      outRe.set(re.subarray(u * widthOf(own), (u + 1) * widthOf(own)), u * width)
      outIm.set(im.subarray(u * widthOf(own), (u + 1) * widthOf(own)), u * width)
    }
    transformPlanes(outRe, outIm, width, width, 'forward')
    return { re: outRe, im: outIm }
  }
  const [a, b] = [padded(f), padded(h)]
  // The transform keeps lengths: a convolution is the square root of the number of places times the product.
  const re = a.re.map((value, i) => width * (value * b.re[i] - a.im[i] * b.im[i]))
  const im = a.re.map((value, i) => width * (value * b.im[i] + a.im[i] * b.re[i]))
  transformPlanes(re, im, width, width, 'inverse')
  return { degree, re, im }
}

/** A Fourier series back as spherical harmonics of its degree. */
function fromTorus({ degree, re, im }: TorusFunction): Float64Array {
  const width = widthOf(degree)
  const { re: jRe, im: jIm } = polarIntegrals(degree)
  const out = new Float64Array((degree + 1) ** 2)
  for (let l = 0; l <= degree; l++)
    for (let m = 0; m <= l; m++) {
      const row = polarPlace(l, m) * width
      const column = (v: number): [number, number] => {
        let [sumRe, sumIm] = [0, 0]
        for (let u = 0; u < width; u++) {
          const [a, b] = [re[u * width + v + degree], im[u * width + v + degree]]
          sumRe += a * jRe[row + u] - b * jIm[row + u]
          sumIm += a * jIm[row + u] + b * jRe[row + u]
        }
        return [sumRe, sumIm]
      }
      const [plusRe, plusIm] = column(m)
      if (m === 0) {
        out[l * l + l] = 2 * Math.PI * plusRe
        continue
      }
      const [minusRe, minusIm] = column(-m)
      out[l * l + l + m] = Math.SQRT2 * Math.PI * (plusRe + minusRe)
      out[l * l + l - m] = Math.SQRT2 * Math.PI * (minusIm - plusIm)
    }
  return out
}

/** Each degree's coefficients times its weight. @throws RangeError where there are not as many weights as degrees. */
export function weighted(coefficients: Float64Array, weights: ArrayLike<number>): Float64Array {
  const degree = degreeOf(coefficients)
  if (weights.length !== degree + 1) throw new RangeError(`${weights.length} weights are not one for each of ${degree + 1} degrees.`)
  return coefficients.map((value, i) => value * weights[Math.floor(Math.sqrt(i))])
}

/**
 * The product of two functions on the sphere, of the sum of their degrees, in O(L³): as Fourier series they multiply by a convolution.
 * The product is symmetric; it knows no cross products.
 */
export const gauntProduct = (f: Float64Array, h: Float64Array): Float64Array => fromTorus(torusProduct(toTorus(f), toTorus(h)))

/** What a matt surface makes of light of each degree: π, 2π/3, π/4, 0, -π/24, 0, … */
export function cosineWeights(degree: number): Float64Array {
  return Float64Array.from({ length: degree + 1 }, (_, l) => {
    if (l === 1) return (2 * Math.PI) / 3
    if (l % 2 === 1) return 0
    // l! / (2^l (l/2)!²) is the product of (2k - 1) / 2k.
    let ratio = 1
    for (let k = 1; k <= l / 2; k++) ratio *= (2 * k - 1) / (2 * k)
    return l === 0 ? Math.PI : (2 * Math.PI * (-1) ** (l / 2 - 1) * ratio) / ((l + 2) * (l - 1))
  })
}
