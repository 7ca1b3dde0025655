import { describe, expect, it } from 'vitest'
import { isSlow, matrixSensing } from '../../../main/algorithms/linear/matrix-sensing.ts'
import { descendSymmetric, unbalanced } from '../../../main/math/factor-descent.ts'
import { type Factors, productOf } from '../../../main/math/factors.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { type Matrix, matrix } from '../../../main/math/matrix.ts'
import { singularValues } from '../../../main/math/singular-values.ts'
import { furthest, normals } from '../../kit/generate.ts'
import { seen, withValues } from '../../kit/sensed.ts'

const { signal } = new AbortController()
const N = 30
const m = withValues(N, N, [1, 0.8, 0.6], 3, true)

/** Losses of the descent on Z Zᵀ at some steps. */
function symmetricLosses(columns: number, at: readonly number[]): number[] {
  let z: Matrix = matrix(
    N,
    columns,
    normals(N * columns, 9).map((value) => (0.5 * value) / Math.sqrt(N)),
  )
  const losses: number[] = []
  for (let t = 0; t <= Math.max(...at); t++) {
    const { next, loss } = descendSymmetric(z, seen(m).residual, 0.1)
    losses.push(loss)
    z = next
  }
  return at.map((t) => losses[t])
}
const sense = (settings: Record<string, unknown>) =>
  outcome(matrixSensing.make(matrixSensing.params.parse({ columns: 5, ...settings }), {}).sense(seen(m), signal))

describe('the claims of the paper', () => {
  it('equal factors with columns to spare crawl: four times nearer for twice the steps', () => {
    const [a, b] = symmetricLosses(5, [800, 1600])
    expect(Math.log2(a / b)).toBeGreaterThan(1.8)
    expect(Math.log2(a / b)).toBeLessThan(2.2)
    expect(symmetricLosses(3, [400])[0]).toBeLessThan(1e-18)
  })

  it('factors of different scale converge at a rate that grows with the beginning', async () => {
    const rate = async (alpha: number) => {
      const { losses } = await sense({ alpha, rescale: false, steps: 900, tolerance: 0 })
      return Math.log(losses[500] / losses[899])
    }
    const [slow, quick] = [await rate(0.1), await rate(0.4)]
    expect(slow).toBeGreaterThan(0)
    expect(quick).toBeGreaterThan(4 * slow)
  })

  it('rescaled once, they no longer depend on it', async () => {
    for (const alpha of [0.1, 0.2, 0.4]) {
      const { rescaledAt, status, losses } = await sense({ alpha })
      expect(status).toBe('converged')
      expect(rescaledAt).not.toBeNull()
      expect(losses.length).toBeLessThan(1000)
    }
  })

  it('nothing is rescaled where there are no columns to spare', async () => {
    expect(await sense({ columns: 3 })).toMatchObject({ rescaledAt: null, status: 'converged' })
  })
})

describe('the rescaling', () => {
  it('keeps the product, and makes all directions of the one factor equal', () => {
    const factors: Factors = { left: matrix(20, 4, normals(80, 1)), right: matrix(15, 4, normals(60, 2)) }
    const changed = unbalanced(factors, 0.7)
    expect(furthest(productOf(changed).data, productOf(factors).data)).toBeLessThan(1e-12)
    for (const value of singularValues(changed.left).s) expect(value).toBeCloseTo(0.7, 12)
  })

  it('is not thought of early, far away, or while all goes well', () => {
    const falling = (rate: number, count: number) => Array.from({ length: count }, (_, i) => rate ** i)
    expect(isSlow(falling(0.97, 40))).toBe(false)
    expect(isSlow(falling(0.995, 100))).toBe(false)
    expect(isSlow(falling(0.9, 200))).toBe(false)
    expect(isSlow(falling(0.97, 200))).toBe(true)
  })
})
