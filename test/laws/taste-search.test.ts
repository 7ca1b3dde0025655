import { describe, expect, it } from 'vitest'
import { tasteSearches } from '../../main/algorithms/index.ts'
import type { Pair, Sliders, Taste } from '../../main/algorithms/search.ts'

describe.each(tasteSearches.map((method) => [method.id, method] as const))('the search by ratings %s', (_, method) => {
  const search = method.make(method.params.parse({}), {})
  const hill = ([i, j]: Pair) => 1 - 0.1 * Math.abs(i - 6) - 0.05 * Math.abs(j - 2)
  const sliders: Sliders = { places: [9, 7], budget: 40, seed: 3 }

  function run(given: Sliders, rate: (pair: Pair) => number): { taste: Taste; asked: Pair[] } {
    const asked: Pair[] = []
    const asking = search.ask(given)
    let next = asking.next()
    while (!next.done) {
      asked.push(next.value)
      next = asking.next(rate(next.value))
    }
    return { taste: next.value, asked }
  }

  it('asks exactly as often as the budget says, inside the sliders', () => {
    const { taste, asked } = run(sliders, hill)
    expect(asked).toHaveLength(40)
    for (const [i, j] of asked) expect(i >= 0 && i < 9 && j >= 0 && j < 7).toBe(true)
    expect(taste.rated.reduce((sum, { count }) => sum + count, 0)).toBe(40)
    expect(taste).toMatchObject({ pair: [6, 2], isSplit: false, isFlat: false })
  })

  it('asks the same again with the same seed', () => {
    expect(run(sliders, hill)).toEqual(run(sliders, hill))
  })

  it('takes the last rating back', () => {
    const straight = run(sliders, hill)
    const asking = search.ask(sliders)
    const first = asking.next().value
    const second = asking.next(0.9).value
    expect(asking.next(null).value).toEqual(first)
    expect(asking.next(hill(first as Pair)).value).toEqual(second)
    let next = asking.next(hill(second as Pair))
    while (!next.done) next = asking.next(hill(next.value))
    expect(next.value).toEqual(straight.taste)
  })

  it('says so where nothing is liked better, and where two regions are', () => {
    expect(run(sliders, () => 0.5).taste).toMatchObject({ pair: [4, 3], isFlat: true })
    const valley = ([i]: Pair) => (i === 0 || i >= 7 ? 0.9 : 0.1)
    let turn = 0
    const rate = (pair: Pair) => valley(pair) + 0.01 * (turn++ % 2)
    expect(run({ ...sliders, budget: 120 }, rate).taste.isSplit).toBe(true)
  })

  it('refuses what it cannot do', () => {
    const least = search.leastBudget([9, 7])
    expect(run({ ...sliders, budget: least }, hill).asked).toHaveLength(least)
    expect(() => search.ask({ ...sliders, budget: least - 1 }).next()).toThrow(String(least))
    expect(() => search.ask({ ...sliders, places: [1, 9] }).next()).toThrow(RangeError)
    for (const rating of [Number.NaN, -0.1, 1.1]) {
      const asking = search.ask(sliders)
      asking.next()
      expect(() => asking.next(rating)).toThrow(RangeError)
    }
  })
})
