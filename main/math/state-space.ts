import { type Complex, type ComplexMatrix, complexMatrix, complexOf, exponential, product, quotient, solveComplex } from './complex.ts'
import { generalEigen } from './general-eigen.ts'
import { type Matrix, matrix, multiply, transpose } from './matrix.ts'
import { symmetricEigenvalues } from './symmetric-eigen.ts'

/** x' = A x + B u */
export interface StateSpace {
  readonly a: Matrix
  readonly b: Float64Array
}

/** HiPPO-LegS: what the past was, as coefficients of Legendre's polynomials. */
export function hippo(n: number): StateSpace {
  const a = matrix(n, n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a.data[i * n + j] = i === j ? -(i + 1) : -Math.sqrt((2 * i + 1) * (2 * j + 1))
  return { a, b: Float64Array.from({ length: n }, (_, i) => Math.sqrt(2 * i + 1)) }
}

/** Its normal part, -½ I and a skew matrix: easy to diagonalise, and wrong at some frequencies however many states there are. */
export function normalPart(n: number): StateSpace {
  const { a, b } = hippo(n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a.data[i * n + j] += Math.sqrt((i + 0.5) * (j + 0.5))
  return { a, b: b.map((value) => value / 2) }
}

/** The greatest gain of a matrix. */
export function spectralNorm(a: Matrix): number {
  const squares = symmetricEigenvalues(multiply(transpose(a), a))
  return Math.sqrt(Math.max(0, squares[squares.length - 1]))
}

/** (iω - A)⁻¹ B: what a tone of ω becomes in the state. */
export function stateTransfer({ a, b }: StateSpace, omega: number): Complex {
  const n = a.rows
  const shifted = complexMatrix(
    n,
    a.data.map((value) => -value),
  )
  for (let i = 0; i < n; i++) shifted.im[i * n + i] = omega
  return solveComplex(shifted, complexOf(b))
}

/** A system whose states go each their own way: x' = L x + b u, and y = Re(c x). */
export interface Modes {
  readonly values: Complex
  readonly b: Complex
  readonly c: Complex
}

/** The same system in the coordinates of its eigenvectors; and these. */
export function diagonalized({ a, b }: StateSpace, readout: Float64Array): Modes & { readonly vectors: ComplexMatrix } {
  const { values, vectors } = generalEigen(a)
  const n = a.rows
  const c = complexOf(new Float64Array(n))
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      c.re[k] += readout[i] * vectors.re[i * n + k]
      c.im[k] += readout[i] * vectors.im[i * n + k]
    }
  return { values, b: solveComplex(vectors, complexOf(b)), c, vectors }
}

/** c (iω - L)⁻¹ b: gain and phase of a tone. */
export function transfer({ values, b, c }: Modes, omega: number): readonly [re: number, im: number] {
  const state = complexOf(new Float64Array(b.re.length))
  for (let k = 0; k < b.re.length; k++) [state.re[k], state.im[k]] = quotient(b.re[k], b.im[k], -values.re[k], omega - values.im[k])
  return product(c, state)
}

/** Below this share of a mode's time, (e^z - 1) / L is taken from its series. */
const NEAR = 1e-4

/** What a step of length dt does to each mode with the input held: x ← e^(L dt) x + gain u. */
export function heldStep({ values, b }: Modes, dt: number): { readonly decay: Complex; readonly gain: Complex } {
  const n = b.re.length
  const decay = complexOf(new Float64Array(n))
  const gain = complexOf(new Float64Array(n))
  for (let k = 0; k < n; k++) {
    const [zr, zi] = [values.re[k] * dt, values.im[k] * dt]
    ;[decay.re[k], decay.im[k]] = exponential(zr, zi)
    const [pr, pi] =
      Math.hypot(zr, zi) < NEAR
        ? [dt * (1 + zr / 2 + (zr * zr - zi * zi) / 6), dt * (zi / 2 + (zr * zi) / 3)]
        : quotient(decay.re[k] - 1, decay.im[k], values.re[k], values.im[k])
    gain.re[k] = pr * b.re[k] - pi * b.im[k]
    gain.im[k] = pr * b.im[k] + pi * b.re[k]
  }
  return { decay, gain }
}
