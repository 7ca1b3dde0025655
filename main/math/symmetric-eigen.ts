import { type Matrix, transpose } from './matrix.ts'

/** A sweep turns away every pair of axes once; the values settle quadratically, after a few. */
const SWEEPS = 60

/** Eigenvalues of a symmetric matrix, in rising order, by Jacobi's rotations. @throws RangeError where it is not square. */
export function symmetricEigenvalues(given: Matrix): Float64Array {
  const n = given.rows
  if (given.columns !== n) throw new RangeError(`${n} × ${given.columns} is not square`)
  // The transpose is a copy, and the same matrix.
  const { data: a } = transpose(given)
  const turn = (p: number, q: number): void => {
    const off = a[p * n + q]
    if (off === 0) return
    const theta = (a[q * n + q] - a[p * n + p]) / (2 * off)
    const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1))
    const cosine = 1 / Math.hypot(tangent, 1)
    const sine = tangent * cosine
    for (let k = 0; k < n; k++) {
      const [x, y] = [a[k * n + p], a[k * n + q]]
      a[k * n + p] = cosine * x - sine * y
      a[k * n + q] = sine * x + cosine * y
    }
    for (let k = 0; k < n; k++) {
      const [x, y] = [a[p * n + k], a[q * n + k]]
      a[p * n + k] = cosine * x - sine * y
      a[q * n + k] = sine * x + cosine * y
    }
  }
  const size = Math.hypot(...a)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rest = 0
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rest += a[p * n + q] ** 2
    if (Math.sqrt(rest) <= 1e-15 * size) break
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) turn(p, q)
  }
  return Float64Array.from({ length: n }, (_, i) => a[i * n + i]).sort()
}
