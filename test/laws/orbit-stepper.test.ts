import { describe, expect, it } from 'vitest'
import { orbitSteppers } from '../../main/algorithms/index.ts'
import { outcome } from '../../main/math/integrate.ts'
import type { Bodies } from '../../main/math/three-bodies.ts'
import { signal } from '../kit/generate.ts'

const start: Bodies = {
  x: Float64Array.of(0, 0, 12, 4, -6, 10),
  v: Float64Array.of(0.1, 0.34, -0.34, -0.2, 0, 0.05),
  masses: [1, 1, 1],
}

describe.each(orbitSteppers.map((method) => [method.id, method] as const))('the stepper %s', (_, method) => {
  const stepper = method.make(method.params.parse({}), {})

  it('takes more steps the finer it chooses, and is truer for it', async () => {
    const fine = await outcome(stepper.follow(start, () => 2, 10, signal))
    const coarse = await outcome(stepper.follow(start, () => 9, 10, signal))
    expect(fine.decision).toBe(10)
    expect(fine.steps).toBeGreaterThan(coarse.steps)
    expect(Math.abs(fine.missing)).toBeLessThanOrEqual(Math.abs(coarse.missing))
  })

  it('draws the same again, and shows each choice what it saw', async () => {
    const seen: Float64Array[] = []
    const choose = (state: Float64Array) => {
      seen.push(state)
      return 7
    }
    const once = await outcome(stepper.follow(start, choose, 6, signal))
    expect(await outcome(stepper.follow(start, () => 7, 6, signal))).toEqual(once)
    expect(seen).toHaveLength(6)
    for (const state of seen) expect(state).toHaveLength(13)
    expect(seen[0][12]).toBeCloseTo(0, 12)
  })

  it('chooses what a network thinks most of', () => {
    const rows = (count: number, width: number, value: (i: number, j: number) => number) =>
      Array.from({ length: count }, (_, i) => Array.from({ length: width + 1 }, (_, j) => value(i, j)))
    const choose = stepper.chooser({
      first: rows(4, 13, (i, j) => (j === 12 && i === 0 ? 1 : 0)),
      shared: rows(4, 4, (i, j) => (i === j ? 1 : 0)),
      rounds: 2,
      last: rows(10, 4, (i, j) => (j === 0 ? (i === 3 ? 1 : 0) : j === 4 && i === 8 ? 5 : 0)),
    })
    const state = (digits: number) => Float64Array.from({ length: 13 }, (_, i) => (i === 12 ? digits : 0))
    expect([choose(state(2)), choose(state(9))]).toEqual([8, 3])
  })

  it('refuses what is no start, and stops when it is told', async () => {
    const first = (bodies: Bodies) => stepper.follow(bodies, () => 5, 5, signal).next()
    await expect(first({ ...start, x: Float64Array.of(1, 1, 1, 1, 0, 0) })).rejects.toThrow('coincide')
    await expect(first({ ...start, masses: [1, 0, 1] })).rejects.toThrow(RangeError)
    await expect(first({ ...start, v: start.v.map(() => Number.NaN) })).rejects.toThrow(RangeError)
    const stop = new AbortController()
    const run = stepper.follow(start, () => 5, 5, stop.signal)
    await run.next()
    stop.abort(new Error('enough'))
    await expect(run.next()).rejects.toThrow('enough')
  })

  it('lets a cancel in while it works', async () => {
    const stop = new AbortController()
    setImmediate(() => stop.abort(new Error('enough')))
    await expect(outcome(stepper.follow(start, () => 7, 100_000, stop.signal))).rejects.toThrow('enough')
  })
})
