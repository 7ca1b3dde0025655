import { describe, expect, it } from 'vitest'
import { transportSolvers } from '../../main/algorithms/index.ts'
import type { TransportProblem } from '../../main/math/entropic-transport.ts'
import { outcome } from '../../main/math/integrate.ts'
import { randomProblem } from '../kit/transport-problem.ts'

const { signal } = new AbortController()
const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)

describe.each(transportSolvers.map((method) => [method.id, method] as const))('the transport solver %s', (_, method) => {
  const solver = method.make(method.params.parse({ tolerance: 1e-10 }), {})
  const solve = (problem: TransportProblem) => outcome(solver.solve(problem, signal))

  it.each([
    [1, 1, 0.1],
    [1, 7, 0.1],
    [9, 4, 0.02],
    [30, 40, 0.01],
  ])('carries all there is: %i onto %i at %f', async (rows, columns, epsilon) => {
    const problem = randomProblem(rows, columns, epsilon, 3)
    const { plan, error, status, cost, entropic, relative } = await solve(problem)
    expect(status).toBe('converged')
    expect(error).toBeLessThan(1e-10)
    expect(plan.every((entry) => entry >= 0)).toBe(true)
    for (let i = 0; i < rows; i++) expect(total(plan.subarray(i * columns, (i + 1) * columns))).toBeCloseTo(problem.a[i], 9)
    const entropy = plan.reduce((sum, entry) => (entry > 0 ? sum + entry * Math.log(entry) : sum), 0)
    expect(entropic).toBeCloseTo(cost + epsilon * entropy, 9)
    expect(relative).toBeGreaterThanOrEqual(cost - 1e-9)
  })

  it('goes on from where it was', async () => {
    const problem = randomProblem(20, 20, 0.02, 5)
    const cold = await solve(problem)
    const warm = await outcome(solver.solve(problem, signal, cold))
    expect(warm.newtonSteps).toBeLessThan(cold.newtonSteps)
    expect(warm.cost).toBeCloseTo(cold.cost, 9)
  })

  it('leaves out what weighs nothing, and puts it back', async () => {
    const problem = randomProblem(3, 2, 0.05, 7)
    const a = Float64Array.of(problem.a[0], 0, 1 - problem.a[0])
    const { f, plan, status } = await solve({ ...problem, a })
    expect(status).toBe('converged')
    expect(f[1]).toBe(Number.NEGATIVE_INFINITY)
    expect([...plan.subarray(2, 4)]).toEqual([0, 0])
  })

  it.each<[string, Partial<TransportProblem>]>([
    ['no level', { epsilon: 0 }],
    ['a negative weight', { a: Float64Array.of(-0.5, 1.5) }],
    ['half the weight', { a: Float64Array.of(0.25, 0.25) }],
    ['no number', { a: Float64Array.of(Number.NaN, 1) }],
    ['an endless cost', { cost: Float64Array.of(0, 1, Number.POSITIVE_INFINITY, 0) }],
    ['nothing', { rows: 0, cost: new Float64Array(0), a: new Float64Array(0) }],
  ])('refuses %s', async (_what, part) => {
    await expect(solve({ ...randomProblem(2, 2, 0.1, 1), ...part })).rejects.toThrow(RangeError)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const run = async () => {
      for await (const _ of solver.solve(randomProblem(40, 40, 0.003, 2), controller.signal)) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
