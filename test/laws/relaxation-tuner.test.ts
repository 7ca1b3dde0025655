import { describe, expect, it } from 'vitest'
import { relaxationTuners } from '../../main/algorithms/index.ts'

describe.each(relaxationTuners.map((method) => [method.id, method] as const))('the tuner %s', (_, method) => {
  describe.each(['lengths', 'factors', 'sizes', 'curves'])('of %s', (arms) => {
    const tuner = method.make(method.params.parse({ arms }), {})
    const uniforms = [0.1, 0.7, 0.3, 0.99, 0, 0.5, 0.2, 0.85]
    const run = () => {
      let state = tuner.start()
      const choices = uniforms.map((uniform, i) => {
        const choice = tuner.choose(state, 100 + 300 * i, uniform)
        state = tuner.learn(state, choice, 5 + 11 * (i % 3))
        return choice
      })
      return { state, choices }
    }

    it('chooses what converges, by a chance that it knows', () => {
      for (const { omega, probability } of run().choices) {
        expect(omega).toBeGreaterThan(0)
        expect(omega).toBeLessThan(2)
        expect(probability).toBeGreaterThan(0)
        expect(probability).toBeLessThanOrEqual(1)
      }
    })

    it('is a value: the same gives the same, also after it was kept', () => {
      const { state, choices } = run()
      expect(run()).toEqual({ state, choices })
      expect(tuner.choose(JSON.parse(JSON.stringify(state)), 400, 0.4)).toEqual(tuner.choose(state, 400, 0.4))
    })

    it('turns away from what was dear', () => {
      const first = tuner.choose(tuner.start(), 400, 0.5)
      let taught = tuner.start()
      for (let i = 0; i < 20; i++) taught = tuner.learn(tuner.learn(taught, first, 40), { ...first, arm: first.arm - 1 }, 400)
      const chance = (arm: number) => {
        const count = Array.from({ length: 400 }, (_, i) => tuner.choose(taught, 400, (i + 0.5) / 400)).filter(
          (one) => one.arm === arm,
        ).length
        return count / 400
      }
      expect(chance(first.arm)).toBeGreaterThan(chance(first.arm - 1))
    })

    it('refuses a system of nothing, and no sweeps', () => {
      const choice = tuner.choose(tuner.start(), 400, 0.5)
      expect(() => tuner.choose(tuner.start(), 0, 0.5)).toThrow(RangeError)
      expect(() => tuner.learn(tuner.start(), choice, 0)).toThrow(RangeError)
    })
  })
})
