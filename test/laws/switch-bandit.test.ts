import { describe, expect, it } from 'vitest'
import type { Tried } from '../../main/algorithms/decision.ts'
import { switchBandits } from '../../main/algorithms/index.ts'

describe.each(switchBandits.map((method) => [method.id, method] as const))('the bandit %s', (_, method) => {
  const bandit = method.make(method.params.parse({}), {})
  /** The first two switches are good together; every other one does harm. */
  const reward = (switches: readonly number[]) =>
    2 * switches[0] * switches[1] - 0.4 * switches.slice(2).reduce((sum, value) => sum + value, 0)

  it('learns which switches are good, and tries the same again with the same seed', () => {
    const tried: Tried[] = []
    for (let play = 0; play < 30; play++) {
      const context = [0.1 * (play % 5)]
      const switches = bandit.next(tried, context, 3)
      expect(bandit.next(tried, context, 3)).toEqual(switches)
      tried.push({ context, switches, reward: reward(switches) })
    }
    const chosen = bandit.best(tried, [0.25])
    expect(chosen).toHaveLength(bandit.names.length)
    expect(reward(chosen)).toBeGreaterThanOrEqual(1.2)
  })

  it('refuses what does not fit', () => {
    expect(() => bandit.best([], [0])).toThrow('Nothing')
    const one = { context: [0], switches: bandit.names.map(() => 0), reward: 1 }
    for (const wrong of [
      { ...one, reward: Number.NaN },
      { ...one, switches: [1] },
      { ...one, context: [] },
    ])
      expect(() => bandit.next([wrong], [0], 1)).toThrow(RangeError)
  })
})
