import type { Solution } from './conjugate-gradient.ts'
import { applyPoisson, neighbourSum, type PoissonGrid } from './poisson-grid.ts'

export interface Relaxation {
  /** Between 0 and 2, both ends left out. */
  readonly omega: number
  /** Ends where the residual is shorter than this share of the first one. */
  readonly tolerance: number
  readonly iterations: number
  /** `chess`: the pixels of one colour before those of the other. */
  readonly order: 'rows' | 'chess'
}

function expectRelaxation({ unknown, diagonal }: PoissonGrid, omega: number): void {
  if (!(omega > 0 && omega < 2)) throw new RangeError(`An over-relaxation of ${omega} does not lie between 0 and 2.`)
  for (let i = 0; i < unknown.length; i++)
    if (unknown[i] && !(diagonal[i] > 0)) throw new RangeError(`The diagonal is ${diagonal[i]} at pixel ${i}.`)
}

/**
 * Successive over-relaxation: each pixel goes omega times the way to where its neighbours want it, one after another.
 * At least one sweep is made, and counted. Yields after each. @throws RangeError for an omega or a diagonal that cannot be.
 */
export function* overRelaxation(
  grid: PoissonGrid,
  b: Float64Array,
  start: Float64Array,
  { omega, tolerance, iterations, order }: Relaxation,
): Generator<Solution, Solution, void> {
  expectRelaxation(grid, omega)
  const { width, unknown, diagonal } = grid
  const x = start.slice()
  const residualOf = () => {
    const ax = applyPoisson(grid, x)
    let sum = 0
    for (let i = 0; i < x.length; i++) if (unknown[i]) sum += (b[i] - ax[i]) ** 2
    return Math.sqrt(sum)
  }
  const all = Array.from(unknown.keys()).filter((i) => unknown[i])
  const colour = (i: number) => (Math.floor(i / width) + (i % width)) % 2
  const places = Int32Array.from(order === 'rows' ? all : [...all.filter((i) => colour(i) === 0), ...all.filter((i) => colour(i) === 1)])
  const first = residualOf()
  let residual = first
  for (let sweep = 1; sweep <= iterations; sweep++) {
    for (const i of places) x[i] += omega * ((b[i] + neighbourSum(x, i, width)) / diagonal[i] - x[i])
    residual = residualOf()
    const isDone = first === 0 || residual < tolerance * first
    const solution: Solution = { value: x.slice(), status: isDone ? 'converged' : 'limit', iterations: sweep, residual }
    yield solution
    if (isDone) return solution
  }
  return { value: x, status: 'limit', iterations, residual }
}

/** A symmetric sweep there and back as a map of residuals: M = (D + wL) D⁻¹ (D + wL)ᵀ / (w (2 - w)), and this is its inverse. */
export function symmetricRelaxation(grid: PoissonGrid, omega: number): (r: Float64Array) => Float64Array {
  expectRelaxation(grid, omega)
  const { width, unknown, diagonal } = grid
  return (r) => {
    const z = new Float64Array(r.length)
    for (let i = 0; i < r.length; i++) {
      if (!unknown[i]) continue
      const before = (i >= width ? z[i - width] : 0) + (i % width > 0 ? z[i - 1] : 0)
      z[i] = (r[i] * omega * (2 - omega) + omega * before) / diagonal[i]
    }
    for (let i = 0; i < r.length; i++) z[i] *= diagonal[i]
    for (let i = r.length - 1; i >= 0; i--) {
      if (!unknown[i]) continue
      const after = (i + width < r.length ? z[i + width] : 0) + (i % width < width - 1 ? z[i + 1] : 0)
      z[i] = (z[i] + omega * after) / diagonal[i]
    }
    return z
  }
}

/** The best over-relaxation of a rectangle whose diagonal is 4 + c: w = 1 + (beta / (1 + √(1 - beta²)))². */
export function bestRelaxation(width: number, height: number, c: number): number {
  const beta = (2 * Math.cos(Math.PI / (width + 1)) + 2 * Math.cos(Math.PI / (height + 1))) / (4 + c)
  return 1 + (beta / (1 + Math.sqrt(1 - beta * beta))) ** 2
}
