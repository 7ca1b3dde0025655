import type { Factors } from './factors.ts'
import { applyMatrix, type Matrix, matrix } from './matrix.ts'

/** sign(left rightᵀ - m), 0 where a value is not known or is met exactly; and the mean distance over what is known. */
function signs(
  m: Matrix,
  known: ArrayLike<number> | null,
  { left, right }: Factors,
): { readonly sign: Matrix; readonly objective: number } {
  const k = left.columns
  const sign = matrix(m.rows, m.columns)
  let distance = 0
  let count = 0
  for (let i = 0; i < m.rows; i++)
    for (let j = 0; j < m.columns; j++) {
      const at = i * m.columns + j
      if (known && !known[at]) continue
      let value = -m.data[at]
      for (let c = 0; c < k; c++) value += left.data[i * k + c] * right.data[j * k + c]
      sign.data[at] = Math.sign(value)
      distance += Math.abs(value)
      count++
    }
  return { sign, objective: distance / Math.max(1, count) }
}

/** a aᵀ of the shorter side. */
function gram(a: Matrix): Matrix {
  const n = Math.min(a.rows, a.columns)
  const out = matrix(n, n)
  if (a.rows <= a.columns) {
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0
        for (let c = 0; c < a.columns; c++) sum += a.data[i * a.columns + c] * a.data[j * a.columns + c]
        out.data[i * n + j] = out.data[j * n + i] = sum
      }
  } else
    for (let row = 0; row < a.rows; row++)
      for (let i = 0; i < n; i++) {
        const value = a.data[row * n + i]
        if (value !== 0) for (let j = 0; j < n; j++) out.data[i * n + j] += value * a.data[row * n + j]
      }
  return out
}

const POWERS = 500

/** The greatest singular value, by powers of the smaller Gram matrix from `near`; a few suffice where `near` is near. */
function spectralNorm(a: Matrix, near: Float64Array): { readonly norm: number; readonly direction: Float64Array } {
  const square = gram(a)
  let direction = near
  let norm = 0
  for (let power = 0; power < POWERS; power++) {
    const next = applyMatrix(square, direction)
    const length = Math.hypot(...next)
    if (!(length > 0)) break
    direction = next.map((value) => value / length)
    if (Math.abs(length - norm) <= 1e-13 * length) return { norm: Math.sqrt(length), direction }
    norm = length
  }
  return { norm: Math.sqrt(norm), direction }
}

/** target - scale · a · b, or aᵀ for a where it is turned. */
function moved(target: Matrix, scale: number, a: Matrix, b: Matrix, turned: boolean): Matrix {
  const k = target.columns
  const out = matrix(target.rows, k, target.data.slice())
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) {
      const value = a.data[i * a.columns + j]
      if (value === 0) continue
      const [to, from] = turned ? [j, i] : [i, j]
      for (let c = 0; c < k; c++) out.data[to * k + c] -= scale * value * b.data[from * k + c]
    }
  return out
}

export interface SubgradientStep extends Factors {
  /** Mean distance of the product from what is known, before this step. */
  readonly objective: number
}

/**
 * Sub-gradient steps on |left rightᵀ - m|₁: S = sign(left rightᵀ - m), e = eta rho^t / |S|₂, both factors at once by e S right and
 * e Sᵀ left. Begun very small, directions that are not in the data stay small, however many columns the factors have. Yields each step.
 * @param known 1 or 0 a value; null where all are known.
 */
export function* subgradientSteps(
  m: Matrix,
  known: ArrayLike<number> | null,
  start: Factors,
  { eta, rho, steps }: { readonly eta: number; readonly rho: number; readonly steps: number },
): Generator<SubgradientStep, Factors, void> {
  let { left, right } = start
  // Not even: the leading direction may be at right angles to what is even.
  let direction: Float64Array = Float64Array.from({ length: Math.min(m.rows, m.columns) }, (_, i) => 1 + Math.sin(i + 1))
  for (let t = 0; t < steps; t++) {
    const { sign, objective } = signs(m, known, { left, right })
    const found = spectralNorm(sign, direction)
    direction = found.direction
    if (found.norm > 0) {
      const step = (eta * rho ** t) / found.norm
      const next = moved(left, step, sign, right, false)
      right = moved(right, step, sign, left, true)
      left = next
    }
    yield { left, right, objective }
  }
  return { left, right }
}
