import { describe, expect, it } from 'vitest'
import { sinkhornNewtonSparse } from '../../../main/algorithms/transport/sinkhorn-newton-sparse.ts'
import { noPotentials, sinkhorn, type TransportProblem } from '../../../main/math/entropic-transport.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { uniforms } from '../../kit/generate.ts'
import { pointProblem, randomProblem } from '../../kit/transport-problem.ts'

const { signal } = new AbortController()
const solve = (problem: TransportProblem, settings: object = {}) =>
  outcome(sinkhornNewtonSparse.make(sinkhornNewtonSparse.params.parse(settings), {}).solve(problem, signal))

const even = (count: number) => new Float64Array(count).fill(1 / count)
const square = (cost: Float64Array, epsilon: number): TransportProblem => {
  const n = Math.sqrt(cost.length)
  return { rows: n, columns: n, cost, a: even(n), b: even(n), epsilon }
}

function cheapest(cost: Float64Array, n: number, row = 0, used = 0): number {
  if (row === n) return 0
  let least = Number.POSITIVE_INFINITY
  for (let j = 0; j < n; j++)
    if (!(used & (1 << j))) least = Math.min(least, cost[row * n + j] / n + cheapest(cost, n, row + 1, used | (1 << j)))
  return least
}

describe('Sinkhorn, Newton, sparse', () => {
  it('agrees with what can be written down for two points', async () => {
    for (const c of [0.1, 0.7, 2]) {
      const { plan } = await solve(square(Float64Array.of(0, c, c, 0), 0.3), { tolerance: 1e-13 })
      expect(plan[1]).toBeCloseTo(1 / (2 * (1 + Math.exp(c / 0.3))), 12)
    }
  })

  it.each([4, 6, 7])('comes to the best assignment of %i as the plan sharpens', async (n) => {
    const cost = uniforms(n * n, n)
    const best = cheapest(cost, n)
    for (const epsilon of [0.02, 0.002, 0.00005]) {
      const found = await solve(square(cost, epsilon), { tolerance: 1e-7 })
      expect(found.cost - best).toBeGreaterThan(-1e-6)
      expect(found.cost - best).toBeLessThan(epsilon * Math.log(n) + 1e-6)
    }
  })

  it('ends quadratically where nothing is left out', async () => {
    const errors: number[] = []
    const solver = sinkhornNewtonSparse.make(sinkhornNewtonSparse.params.parse({ kept: 'all', tolerance: 1e-13, sweeps: 2 }), {})
    for await (const { state } of solver.solve(randomProblem(30, 30, 0.02, 4), signal)) errors.push(state)
    const near = errors.filter((error) => error < 0.05 && error > 1e-8)
    expect(near.length).toBeGreaterThan(1)
    for (const error of near) {
      const next = errors[errors.indexOf(error) + 1]
      if (next !== undefined && next > 1e-11) expect(next).toBeLessThan(20 * error ** 2)
    }
  })

  it('gets to 1e-9 in fewer passes over the matrix than sweeps alone get to 1e-3', async () => {
    const palette = (seed: number) => uniforms(3 * 128, seed).map((value, i) => (i % 3 ? value ** 2 : value))
    const rough = pointProblem(
      palette(1),
      palette(2).map((value) => 0.8 * value + 0.2),
      3,
      1,
    )
    const most = rough.cost.reduce((top, value) => Math.max(top, value), 0)
    const problem = { ...rough, epsilon: 0.002 * most }
    const found = await solve(problem)
    expect(found.status).toBe('converged')
    const swept = sinkhorn(problem, noPotentials(problem), 20_000, 1e-3)
    expect(found.sweeps + found.newtonSteps).toBeLessThan(swept.sweeps / 4)
  })
})
