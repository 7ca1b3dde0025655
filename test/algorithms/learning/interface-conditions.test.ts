import { describe, expect, it } from 'vitest'
import type { Tried } from '../../../main/algorithms/decision.ts'
import { interfaceConditions } from '../../../main/algorithms/learning/interface-conditions.ts'
import { type FillCell, fillCells, filledAt, type Place } from '../../../main/math/seam-fill.ts'
import { type SeamTerm, seamNames } from '../../../main/math/seam-terms.ts'
import { uniforms } from '../../kit/generate.ts'

/** The lower or the upper half of the unit square, its border coloured by u. */
function cellOf(half: 0 | 1, u: (place: Place) => number, seed: number): FillCell {
  const [low, high] = [half / 2, (half + 1) / 2]
  const numbers = uniforms(1000, seed)
  const scale = (value: number) => low + (high - low) * value
  const places = (count: number, from: number): Place[] =>
    Array.from({ length: count }, (_, i) => [numbers[from + 2 * i], scale(numbers[from + 2 * i + 1])])
  const outer = half === 0 ? 0 : 1
  const border: Place[] = Array.from({ length: 60 }, (_, i) => {
    const at = (i % 20) / 19
    return i < 20 ? [at, outer] : [i < 40 ? 0 : 1, scale(at)]
  })
  return {
    ripples: Array.from({ length: 70 }, (_, i) => [
      8 * numbers[4 * i] - 4,
      8 * numbers[4 * i + 1] - 4,
      numbers[4 * i + 2],
      scale(numbers[4 * i + 3]),
    ]),
    border,
    colours: border.map(u),
    inside: places(150, 400),
  }
}
const seam: readonly Place[] = Array.from({ length: 30 }, (_, i) => [i / 29, 0.5])

function worstError(u: (place: Place) => number, f: (place: Place) => number, terms: readonly SeamTerm[]): number {
  const fill = fillCells([cellOf(0, u, 1), cellOf(1, u, 2)], seam, terms, f)
  let worst = 0
  for (let i = 1; i < 12; i++)
    for (let j = 1; j < 12; j++) {
      const place: Place = [i / 12, j / 12]
      worst = Math.max(worst, Math.abs(filledAt(fill, j < 6 ? 0 : 1, place) - u(place)))
    }
  return worst
}

describe('a fill of two cells', () => {
  const k = 1.5 * Math.PI
  const wave = ([x, y]: Place) => Math.sin(k * x + 0.3) * Math.cos(k * y) + 0.5
  const source = (place: Place) => -2 * k * k * (wave(place) - 0.5)

  it('depends on what the cells agree on: values and slopes are far better than either, or nothing', () => {
    const both = worstError(wave, source, ['u', 'flux'])
    expect(both).toBeLessThan(0.02)
    for (const terms of [[], ['u'], ['flux']] as const) expect(worstError(wave, source, terms)).toBeGreaterThan(5 * both)
  })

  it('spreads the colours of a saddle as they should, with no seam to be seen', () => {
    const saddle = ([x, y]: Place) => x * x - y * y
    const cells = [cellOf(0, saddle, 1), cellOf(1, saddle, 2)] as const
    const fill = fillCells(cells, seam, ['u', 'flux'], () => 0)
    for (let i = 1; i < 64; i++) {
      const place: Place = [i / 64, 0.5]
      expect(Math.abs(filledAt(fill, 0, place) - filledAt(fill, 1, place))).toBeLessThan(1 / 255)
    }
    expect(worstError(saddle, () => 0, ['u', 'flux'])).toBeLessThan(1e-3)
  })

  it('lets the bandit find out what to agree on, within thirty tries', { timeout: 60_000 }, () => {
    const bandit = interfaceConditions.make(interfaceConditions.params.parse({}), {})
    const rewardOf = (switches: readonly number[]) => {
      const error = worstError(
        wave,
        source,
        seamNames.filter((_, i) => switches[i] === 1),
      )
      return -Math.log10(Math.min(100, Number.isFinite(error) ? error : 100))
    }
    const tried: Tried[] = []
    for (let play = 0; play < 30; play++) {
      const switches = bandit.next(tried, [0], 5)
      tried.push({ context: [0], switches, reward: rewardOf(switches) })
    }
    const all = rewardOf(seamNames.map(() => 1))
    expect(rewardOf(bandit.best(tried, [0]))).toBeGreaterThan(all + 0.5)
  })
})
