import { type Complex, type ComplexMatrix, complexMatrix, complexOf, quotient } from './complex.ts'
import { type Matrix, matrix } from './matrix.ts'
import { symmetricEigenvalues } from './symmetric-eigen.ts'

/** a = V diag(values) V⁻¹: column k of V has length 1 and belongs to value k. In order of the real part, then of the imaginary one. */
export interface Eigen {
  readonly values: Complex
  readonly vectors: ComplexMatrix
}

const ROUNDS = 60

/**
 * Turns rows k and l of t so that what stands in (l, column) is gone, and columns k and l back; z gathers the turns of the columns.
 * The turn is [[c, s], [-s̄, c]] with c real.
 */
function turn(t: ComplexMatrix, z: ComplexMatrix, k: number, l: number, c: number, sr: number, si: number): void {
  turnRows(t, k, l, c, sr, si)
  turnColumns(t, k, l, c, sr, si)
  turnColumns(z, k, l, c, sr, si)
}

function turnRows({ size: n, re, im }: ComplexMatrix, k: number, l: number, c: number, sr: number, si: number): void {
  for (let j = 0; j < n; j++) {
    const [ar, ai, br, bi] = [re[k * n + j], im[k * n + j], re[l * n + j], im[l * n + j]]
    re[k * n + j] = c * ar + sr * br - si * bi
    im[k * n + j] = c * ai + sr * bi + si * br
    re[l * n + j] = c * br - sr * ar - si * ai
    im[l * n + j] = c * bi - sr * ai + si * ar
  }
}

function turnColumns({ size: n, re, im }: ComplexMatrix, k: number, l: number, c: number, sr: number, si: number): void {
  for (let i = 0; i < n; i++) {
    const [ar, ai, br, bi] = [re[i * n + k], im[i * n + k], re[i * n + l], im[i * n + l]]
    re[i * n + k] = c * ar + sr * br + si * bi
    im[i * n + k] = c * ai + sr * bi - si * br
    re[i * n + l] = c * br - sr * ar + si * ai
    im[i * n + l] = c * bi - sr * ai - si * ar
  }
}

/** The turn that takes b away from (a, b). */
function turnFor(ar: number, ai: number, br: number, bi: number): readonly [c: number, sr: number, si: number] {
  const [a, b] = [Math.hypot(ar, ai), Math.hypot(br, bi)]
  if (b === 0) return [1, 0, 0]
  if (a === 0) return [0, br / b, -bi / b]
  const whole = Math.hypot(a, b)
  return [a / whole, (ar * br + ai * bi) / (a * whole), (ai * br - ar * bi) / (a * whole)]
}

/** The eigenvalue of the last 2 × 2 block that lies nearer to its corner: Wilkinson's shift. */
function shiftOf({ size: n, re, im }: ComplexMatrix, hi: number): readonly [number, number] {
  const [p, q] = [(hi - 1) * n + hi - 1, hi * n + hi]
  const [hr, hj] = [(re[p] - re[q]) / 2, (im[p] - im[q]) / 2]
  const [b, c] = [p + 1, q - 1]
  const [dr, di] = [hr * hr - hj * hj + re[b] * re[c] - im[b] * im[c], 2 * hr * hj + re[b] * im[c] + im[b] * re[c]]
  const size = Math.sqrt(Math.hypot(dr, di))
  const half = Math.atan2(di, dr) / 2
  let [rr, ri] = [size * Math.cos(half), size * Math.sin(half)]
  if (hr * rr + hj * ri > 0) [rr, ri] = [-rr, -ri]
  return [re[q] + hr + rr, im[q] + hj + ri]
}

/** Schur's form by shifted QR steps: the given matrix becomes upper triangular, z the turns. */
function triangulate(t: ComplexMatrix, z: ComplexMatrix): void {
  const { size: n, re, im } = t
  for (let k = 0; k < n - 2; k++)
    for (let i = n - 1; i > k + 1; i--)
      turn(t, z, i - 1, i, ...turnFor(re[(i - 1) * n + k], im[(i - 1) * n + k], re[i * n + k], im[i * n + k]))
  const sizeAt = (i: number, j: number) => Math.hypot(re[i * n + j], im[i * n + j])
  let rounds = 0
  for (let hi = n - 1; hi > 0; ) {
    let lo = hi
    while (lo > 0 && sizeAt(lo, lo - 1) > 1e-16 * (sizeAt(lo, lo) + sizeAt(lo - 1, lo - 1))) lo--
    if (lo > 0) re[lo * n + lo - 1] = im[lo * n + lo - 1] = 0
    if (lo === hi) {
      hi--
      rounds = 0
      continue
    }
    if (++rounds > ROUNDS) throw new RangeError('The eigenvalues of the matrix were not found.')
    // Now and then a shift from nowhere breaks a circle that the usual one would go round in.
    const [mr, mi] = rounds % 10 === 0 ? [re[hi * n + hi] + sizeAt(hi, hi - 1), im[hi * n + hi]] : shiftOf(t, hi)
    for (let k = lo; k <= hi; k++) {
      re[k * n + k] -= mr
      im[k * n + k] -= mi
    }
    const turns: (readonly [number, number, number])[] = []
    for (let k = lo; k < hi; k++) {
      const one = turnFor(re[k * n + k], im[k * n + k], re[(k + 1) * n + k], im[(k + 1) * n + k])
      turns.push(one)
      turnRows(t, k, k + 1, ...one)
    }
    for (const [i, one] of turns.entries()) {
      turnColumns(t, lo + i, lo + i + 1, ...one)
      turnColumns(z, lo + i, lo + i + 1, ...one)
    }
    for (let k = lo; k <= hi; k++) {
      re[k * n + k] += mr
      im[k * n + k] += mi
    }
  }
}

/** Eigenvectors of an upper triangular matrix, turned back by z, each of length 1. */
function vectorOf({ size: n, re, im }: ComplexMatrix, z: ComplexMatrix, k: number): Complex {
  const x = complexOf(new Float64Array(n))
  x.re[k] = 1
  for (let i = k - 1; i >= 0; i--) {
    let [sr, si] = [0, 0]
    for (let j = i + 1; j <= k; j++) {
      sr -= re[i * n + j] * x.re[j] - im[i * n + j] * x.im[j]
      si -= re[i * n + j] * x.im[j] + im[i * n + j] * x.re[j]
    }
    const [dr, di] = [re[i * n + i] - re[k * n + k], im[i * n + i] - im[k * n + k]]
    ;[x.re[i], x.im[i]] = dr === 0 && di === 0 ? quotient(sr, si, Number.EPSILON, 0) : quotient(sr, si, dr, di)
  }
  const out = complexOf(new Float64Array(n))
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= k; j++) {
      out.re[i] += z.re[i * n + j] * x.re[j] - z.im[i * n + j] * x.im[j]
      out.im[i] += z.re[i * n + j] * x.im[j] + z.im[i * n + j] * x.re[j]
    }
  const length = Math.hypot(...out.re, ...out.im)
  return complexOf(
    out.re.map((value) => value / length),
    out.im.map((value) => value / length),
  )
}

/** Eigenvalues and eigenvectors of any square matrix of real numbers. @throws RangeError where it is not square, or they are not found. */
export function generalEigen(a: Matrix): Eigen {
  const n = a.rows
  if (a.columns !== n) throw new RangeError(`${n} × ${a.columns} is not square`)
  const t = complexMatrix(n, a.data.slice())
  const z = complexMatrix(n)
  for (let i = 0; i < n; i++) z.re[i * n + i] = 1
  triangulate(t, z)
  const at = (k: number) => [t.re[k * n + k], t.im[k * n + k]] as const
  const near = 1e-9 * Math.hypot(...a.data)
  const order = Array.from({ length: n }, (_, k) => k).sort((p, q) => {
    const [[pr, pi], [qr, qi]] = [at(p), at(q)]
    return Math.abs(pr - qr) > near ? pr - qr : pi - qi
  })
  const vectors = complexMatrix(n)
  for (const [column, k] of order.entries()) {
    const vector = vectorOf(t, z, k)
    for (let i = 0; i < n; i++) {
      vectors.re[i * n + column] = vector.re[i]
      vectors.im[i * n + column] = vector.im[i]
    }
  }
  const values = complexOf(
    Float64Array.from(order, (k) => at(k)[0]),
    Float64Array.from(order, (k) => at(k)[1]),
  )
  return { values, vectors }
}

/** Greatest over smallest gain of a matrix. */
export function condition({ size: n, re, im }: ComplexMatrix): number {
  // VᴴV as a real matrix of twice the size, which has every eigenvalue twice.
  const gram = matrix(2 * n, 2 * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let [real, imaginary] = [0, 0]
      for (let k = 0; k < n; k++) {
        real += re[k * n + i] * re[k * n + j] + im[k * n + i] * im[k * n + j]
        imaginary += re[k * n + i] * im[k * n + j] - im[k * n + i] * re[k * n + j]
      }
      gram.data[i * 2 * n + j] = gram.data[(i + n) * 2 * n + j + n] = real
      gram.data[(i + n) * 2 * n + j] = imaginary
      gram.data[i * 2 * n + j + n] = -imaginary
    }
  const squares = symmetricEigenvalues(gram)
  return Math.sqrt(squares[2 * n - 1] / Math.max(squares[0], Number.MIN_VALUE))
}
