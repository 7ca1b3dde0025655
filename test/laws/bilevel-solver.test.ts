import { describe, expect, it } from 'vitest'
import type { BilevelSolver, BilevelStep } from '../../main/algorithms/bilevel.ts'
import { bilevelSolvers } from '../../main/algorithms/index.ts'
import { outcome } from '../../main/math/integrate.ts'
import { randomQuadratics } from '../kit/bilevel-quadratic.ts'

const { signal } = new AbortController()

describe.each(bilevelSolvers.map((method) => [method.id, method] as const))('the bilevel solver %s', (_, method) => {
  const solver = (method.make as (params: unknown, networks: object) => BilevelSolver)(method.params.parse({}), {})
  const start = () => Float64Array.of(2, -1.5)

  it.each([
    [1, 5],
    [3, 40],
  ])('comes near the least of %i quadratic blocks', async (count, seed) => {
    const { problem, objective, least } = randomQuadratics(count, seed)
    const before = start()
    const { x, y, loss } = await outcome(solver.solve(problem, before, signal))
    const [first, best] = [objective(start()), objective(least())]
    expect((objective(x) - best) / (first - best)).toBeLessThan(0.05)
    expect([...before]).toEqual([...start()])
    expect(y.map(({ length }) => length)).toEqual(problem.blocks.map(({ size }) => size))
    expect(loss.length).toBeGreaterThan(0)
  })

  it('counts what it asks, and says the same of the same', async () => {
    const { problem } = randomQuadratics(2, 7)
    let slopes = 0
    const blocks = problem.blocks.map((block) => ({
      ...block,
      lowerInY: (x: Float64Array, y: Float64Array) => {
        slopes++
        return block.lowerInY(x, y)
      },
    }))
    const once = await outcome(solver.solve({ ...problem, blocks }, start(), signal))
    expect(once.asks.lowerSlopes).toBeGreaterThanOrEqual(slopes)
    expect(slopes).toBeGreaterThan(0)
    expect(await outcome(solver.solve(problem, start(), signal))).toEqual(once)
  })

  it('keeps to the settings that are allowed', async () => {
    const { problem } = randomQuadratics(2, 7)
    const project = (x: Float64Array) => x.map((value) => Math.min(2, Math.max(1.5, value)))
    const seen: BilevelStep[] = []
    for await (const step of solver.solve({ ...problem, project }, Float64Array.of(2, 1.5), signal)) seen.push(step)
    expect(seen.every(({ x }) => x.every((value) => value >= 1.5 && value <= 2))).toBe(true)
  })

  it('refuses what is no problem', async () => {
    const { problem } = randomQuadratics(1, 7)
    const broken = problem.blocks.map((block) => ({ ...block, upperInX: (x: Float64Array) => x.map(() => Number.NaN) }))
    await expect(outcome(solver.solve({ ...problem, blocks: [] }, start(), signal))).rejects.toThrow(RangeError)
    await expect(outcome(solver.solve(problem, new Float64Array(3), signal))).rejects.toThrow(RangeError)
    await expect(outcome(solver.solve({ ...problem, blocks: broken }, start(), signal))).rejects.toThrow(RangeError)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const { problem } = randomQuadratics(2, 7)
    const run = async () => {
      for await (const { step } of solver.solve(problem, start(), controller.signal)) if (step === 2) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
