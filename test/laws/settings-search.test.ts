import { describe, expect, it } from 'vitest'
import { Refusal } from '../../main/algorithms/define.ts'
import { settingsSearches } from '../../main/algorithms/index.ts'
import type { SearchProblem } from '../../main/algorithms/search.ts'
import { outcome } from '../../main/math/integrate.ts'
import { signal } from '../kit/generate.ts'

const bowl = (at: Float64Array) => at.reduce((sum, value, i) => sum + (value - 0.3 * (i + 1)) ** 2, 0)
const problem: SearchProblem = { sliders: 2, starts: [Float64Array.of(-0.9, 0.9)], seed: 4, value: bowl }

describe.each(settingsSearches.map((method) => [method.id, method] as const))('the search %s', (_, method) => {
  const search = method.make(method.params.parse({}), {})

  it('answers with the best it saw, inside the box, in as many evaluations as it said', async () => {
    const seen: number[] = []
    const value = (at: Float64Array) => {
      expect(at.every((x) => Math.abs(x) <= 1)).toBe(true)
      seen.push(bowl(at))
      return seen[seen.length - 1]
    }
    const found = await outcome(search.search({ ...problem, value }, signal))
    expect(found.value).toBe(Math.min(...seen))
    expect(found.value).toBe(bowl(found.settings))
    expect(seen).toContain(bowl(problem.starts[0]))
    expect(seen).toHaveLength(search.evaluations(problem))
    expect(found.value).toBeLessThan(1e-3)
  })

  it('finds the same with the same seed, and with a constant added to the value', async () => {
    const once = await outcome(search.search(problem, signal))
    expect(await outcome(search.search(problem, signal))).toEqual(once)
    const raised = await outcome(search.search({ ...problem, value: (at) => bowl(at) + 8 }, signal))
    expect(raised.settings.map((value, i) => Math.abs(value - once.settings[i])).every((gap) => gap < 1e-2)).toBe(true)
  })

  it('passes over settings that have no value, and refuses where none has', async () => {
    const half = await outcome(search.search({ ...problem, value: (at) => (at[0] < 0 ? Number.NaN : bowl(at)) }, signal))
    expect(half.value).toBeLessThan(1e-3)
    await expect(outcome(search.search({ ...problem, value: () => Number.NaN }, signal))).rejects.toThrow(Refusal)
  })

  it('stops when it is told, and refuses what is no search', async () => {
    const stop = new AbortController()
    const run = search.search(problem, stop.signal)
    await run.next()
    stop.abort(new Error('enough'))
    await expect(run.next()).rejects.toThrow('enough')
    await expect(outcome(search.search({ ...problem, sliders: 0 }, signal))).rejects.toThrow(RangeError)
    await expect(outcome(search.search({ ...problem, sliders: 3 }, signal))).rejects.toThrow(RangeError)
  })

  it('lets a cancel in while it works', async () => {
    const stop = new AbortController()
    setImmediate(() => stop.abort(new Error('enough')))
    const patient = method.make(method.params.parse({ steps: 1000 }), {})
    await expect(outcome(patient.search(problem, stop.signal))).rejects.toThrow('enough')
  })
})
