/** Complex numbers, one a place. */
export interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** A dense square matrix of complex numbers, row-major. */
export interface ComplexMatrix extends Complex {
  readonly size: number
}

/** The arrays themselves, not copies; imaginary parts of 0 unless given. */
export const complexOf = (re: Float64Array, im: Float64Array = new Float64Array(re.length)): Complex => ({ re, im })

/** size × size, row-major; zeros unless given. */
export const complexMatrix = (size: number, re = new Float64Array(size * size), im = new Float64Array(size * size)): ComplexMatrix => ({
  ...{ size, re, im },
})

/** The quotient of two complex numbers. */
export function quotient(ar: number, ai: number, br: number, bi: number): readonly [re: number, im: number] {
  const square = br * br + bi * bi
  return [(ar * br + ai * bi) / square, (ai * br - ar * bi) / square]
}

/** Σ a b over all places, nothing conjugated. */
export function product(a: Complex, b: Complex): readonly [re: number, im: number] {
  let [re, im] = [0, 0]
  for (let i = 0; i < a.re.length; i++) {
    re += a.re[i] * b.re[i] - a.im[i] * b.im[i]
    im += a.re[i] * b.im[i] + a.im[i] * b.re[i]
  }
  return [re, im]
}

/** e^(re + i im) */
export const exponential = (re: number, im: number): readonly [re: number, im: number] => [
  Math.exp(re) * Math.cos(im),
  Math.exp(re) * Math.sin(im),
]

/** Solves a x = b by elimination with row pivoting. @throws RangeError where the matrix is singular. */
export function solveComplex({ size: n, re, im }: ComplexMatrix, b: Complex): Complex {
  const [ar, ai, xr, xi] = [re.slice(), im.slice(), b.re.slice(), b.im.slice()]
  const order = Array.from({ length: n }, (_, i) => i)
  for (let k = 0; k < n; k++) {
    let pivot = k
    const sizeAt = (i: number) => Math.hypot(ar[order[i] * n + k], ai[order[i] * n + k])
    for (let i = k + 1; i < n; i++) if (sizeAt(i) > sizeAt(pivot)) pivot = i
    if (!(sizeAt(pivot) > 0)) throw new RangeError('The matrix is singular.')
    ;[order[k], order[pivot]] = [order[pivot], order[k]]
    const top = order[k]
    for (let i = k + 1; i < n; i++) {
      const row = order[i]
      const [fr, fi] = quotient(ar[row * n + k], ai[row * n + k], ar[top * n + k], ai[top * n + k])
      for (let j = k; j < n; j++) {
        ar[row * n + j] -= fr * ar[top * n + j] - fi * ai[top * n + j]
        ai[row * n + j] -= fr * ai[top * n + j] + fi * ar[top * n + j]
      }
      ;[xr[row], xi[row]] = [xr[row] - fr * xr[top] + fi * xi[top], xi[row] - fr * xi[top] - fi * xr[top]]
    }
  }
  const out = complexOf(new Float64Array(n))
  for (let k = n - 1; k >= 0; k--) {
    const row = order[k]
    let [r, i] = [xr[row], xi[row]]
    for (let j = k + 1; j < n; j++) {
      r -= ar[row * n + j] * out.re[j] - ai[row * n + j] * out.im[j]
      i -= ar[row * n + j] * out.im[j] + ai[row * n + j] * out.re[j]
    }
    ;[out.re[k], out.im[k]] = quotient(r, i, ar[row * n + k], ai[row * n + k])
  }
  return out
}
