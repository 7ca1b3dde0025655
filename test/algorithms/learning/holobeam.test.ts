import { describe, expect, it } from 'vitest'
import { holobeam, leastBudget, tasteSearch } from '../../../main/algorithms/learning/holobeam.ts'
import type { Pair } from '../../../main/algorithms/search.ts'
import { budgetsOf, leastLooks } from '../../../main/math/unimodal-search.ts'
import { normals, uniforms } from '../../kit/generate.ts'

const settings = holobeam.params.parse({ lowest: -10, highest: 10 })

function found(places: readonly [number, number], budget: number, rate: (pair: Pair) => number): Pair {
  const search = tasteSearch({ places, budget, seed: 1 }, settings)
  let next = search.next()
  while (!next.done) next = search.next(rate(next.value))
  return next.value.pair
}

/** Rises to a random place and falls from there, strictly. */
function hill(places: number, seed: number): Float64Array {
  const numbers = uniforms(places + 1, seed)
  const top = Math.floor(numbers[places] * places)
  const row = new Float64Array(places)
  row[top] = 1
  for (let i = top - 1; i >= 0; i--) row[i] = row[i + 1] * (0.3 + 0.6 * numbers[i])
  for (let i = top + 1; i < places; i++) row[i] = row[i - 1] * (0.3 + 0.6 * numbers[i])
  return row
}

/** Regret of the answer over bumps with random peaks, and ratings with noise of 0.2. */
function regret(places: number, budget: number, runs: number, choose: (rate: (pair: Pair) => number) => Pair): number {
  let sum = 0
  for (let run = 0; run < runs; run++) {
    const [x, y] = uniforms(2, 7000 + run)
    const noise = normals(budget, 9000 + run)
    const liking = ([i, j]: Pair) => {
      const [u, v] = [i / (places - 1) - x, j / (places - 1) - y]
      return Math.exp(-(u * u + v * v) / (2 * 0.5 ** 2))
    }
    let asked = 0
    const chosen = choose((pair) => liking(pair) + 0.2 * noise[asked++])
    let best = 0
    for (let i = 0; i < places; i++) for (let j = 0; j < places; j++) best = Math.max(best, liking([i, j]))
    sum += best - liking(chosen)
  }
  return sum / runs
}

/** Looks at pairs spread evenly over all of them, and takes the one with the best mean. */
function uniformSearch(places: number, budget: number, rate: (pair: Pair) => number): Pair {
  const all = places * places
  const sums = new Map<number, number[]>()
  for (let look = 0; look < budget; look++) {
    const at = budget < all ? Math.floor(((look + 0.5) * all) / budget) : look % all
    sums.set(at, [...(sums.get(at) ?? []), rate([Math.floor(at / places), at % places])])
  }
  const means = [...sums].map(([at, list]) => [at, list.reduce((a, b) => a + b) / list.length] as const)
  const [at] = means.reduce((a, b) => (b[1] > a[1] ? b : a))
  return [Math.floor(at / places), at % places]
}

describe('HoloBeam', () => {
  it('always finds the top of two hills where ratings have no noise', () => {
    for (let run = 0; run < 1000; run++) {
      const [a, b] = uniforms(2, run).map((value) => 2 + Math.floor(value * 18))
      const [first, second] = [hill(a, 2 * run), hill(b, 2 * run + 1)]
      const pair = found([a, b], leastBudget([a, b]), ([i, j]) => first[i] * second[j])
      expect([first[pair[0]], second[pair[1]]]).toEqual([1, 1])
    }
  })

  it('asks for no more than the number of places needs, and spends all', () => {
    expect([4, 5, 6, 7, 9, 10, 13, 14, 19, 20, 28].map(leastLooks)).toEqual([4, 8, 8, 14, 14, 23, 23, 37, 37, 57, 57])
    expect([leastBudget([9, 9]), leastBudget([16, 16])]).toEqual([28, 74])
    expect(budgetsOf(5, 14)).toEqual([7, 7])
    for (const looks of [14, 15, 16, 99]) expect(budgetsOf(9, looks).reduce((a, b) => a + b)).toBe(looks)
  })

  it.each([
    [9, 40, 0.086],
    [9, 160, 0.039],
    [16, 160, 0.036],
  ])('regrets little: %i places, %i ratings', (places, budget, published) => {
    const ours = regret(places, budget, 400, (rate) => found([places, places], budget, rate))
    expect(ours).toBeLessThan(1.15 * published)
    // With fewer ratings than half the pairs, an even grid does as well.
    if (budget > 40) expect(ours).toBeLessThan(regret(places, budget, 400, (rate) => uniformSearch(places, budget, rate)))
  })

  it('errs exponentially less with more ratings', () => {
    const bump = (top: number) => Float64Array.from({ length: 9 }, (_, i) => Math.exp(-(((i - top) / 3) ** 2)))
    const rows = [bump(6), bump(3)]
    const failures = (budget: number) => {
      let count = 0
      for (let run = 0; run < 400; run++) {
        const noise = normals(budget, 100 * run)
        let asked = 0
        const [i, j] = found([9, 9], budget, (pair) => rows[0][pair[0]] * rows[1][pair[1]] + 0.1 * noise[asked++])
        if (rows[0][i] !== 1 || rows[1][j] !== 1) count++
      }
      return count / 400
    }
    const [few, more, many] = [28, 84, 252].map(failures)
    expect(more).toBeLessThan(0.6 * few)
    expect(many).toBeLessThan(0.3 * more + 0.005)
  })
})
