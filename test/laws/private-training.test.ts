import { describe, expect, it } from 'vitest'
import { privateTrainings } from '../../main/algorithms/index.ts'
import type { PrivateStep } from '../../main/algorithms/privacy.ts'
import { outcome } from '../../main/math/integrate.ts'
import { epsilonOf } from '../../main/math/private-budget.ts'
import { normals, signal } from '../kit/generate.ts'
import { sigmoidSlope } from '../kit/private-loss.ts'

const count = 60
const rows = normals(3 * count, 2)
const loss = {
  count,
  slope: (w: Float64Array, one: number) => sigmoidSlope(rows.subarray(3 * one, 3 * one + 3), one % 2 === 0 ? 1 : -1, w),
}
const start = Float64Array.of(0.5, -0.3, 0.2)
const budget = { epsilon: 4, delta: 1e-5 }
const drawn = (seed: number) => {
  let draws = 0
  return (size: number) => normals(size, seed + draws++)
}

describe.each(privateTrainings.map((method) => [method.id, method] as const))('the training %s', (_, method) => {
  const training = method.make(method.params.parse({ steps: 25 }), {})

  it('spends what it was given, bit by bit, and no more', async () => {
    const spent: number[] = []
    for await (const { card } of training.train(start, loss, budget, drawn(1), signal)) spent.push(epsilonOf(card.rho, budget.delta))
    expect(spent).toHaveLength(25)
    for (const [i, epsilon] of spent.entries()) expect(epsilon).toBeGreaterThan(spent[i - 1] ?? 0)
    expect(spent[24]).toBeCloseTo(4, 9)
  })

  it('counts slopes that are not finite, and learns nothing of them', async () => {
    const torn = { count, slope: (w: Float64Array, one: number) => (one === 7 ? w.map(() => Number.NaN) : loss.slope(w, one)) }
    let last: PrivateStep | undefined
    for await (const step of training.train(start, torn, budget, drawn(1), signal)) last = step
    expect(last?.card.leftOut).toBe(25)
    expect(last?.w.every(Number.isFinite)).toBe(true)
  })

  it.each([
    [{ ...loss, count: 49 }, budget, 'few'],
    [loss, { ...budget, epsilon: 0 }, 'Epsilon'],
    [loss, { ...budget, epsilon: 21 }, 'Epsilon'],
    [loss, { ...budget, delta: 1 / 60 }, 'Delta'],
    [loss, { ...budget, delta: Number.NaN }, 'Delta'],
  ])('gives no guarantee that would be none', async (of, wanted, word) => {
    await expect(training.train(start, of, wanted, drawn(1), signal).next()).rejects.toThrow(word)
  })

  it('stops when it is told', async () => {
    const stop = new AbortController()
    const run = training.train(start, loss, budget, drawn(1), stop.signal)
    await run.next()
    stop.abort(new Error('enough'))
    await expect(run.next()).rejects.toThrow('enough')
  })

  it('lets a cancel in while it works', async () => {
    const stop = new AbortController()
    setImmediate(() => stop.abort(new Error('enough')))
    await expect(
      outcome(method.make(method.params.parse({ steps: 10_000 }), {}).train(start, loss, budget, drawn(1), stop.signal)),
    ).rejects.toThrow('enough')
  })
})
