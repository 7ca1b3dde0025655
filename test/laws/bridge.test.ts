import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bridges } from '../../main/algorithms/index.ts'
import type { Bridge } from '../../main/algorithms/roles.ts'

type Id = (typeof bridges)[number]['id']

/** Random settings of each bridge. A new one cannot compile without. */
const settings: Readonly<Record<Id, fc.Arbitrary<object>>> = {
  'stochastic-interpolant': fc.oneof(
    fc.record({ path: fc.constantFrom('linear', 'trig'), gamma: fc.constantFrom('brownian', 'bsquared', 'sinesquared', 'zero') }),
    fc.record({ path: fc.constant('encdec'), gamma: fc.constantFrom('brownian', 'bsquared', 'sinesquared') }),
    fc.record({ path: fc.constant('linear'), gamma: fc.constant('brownian'), scale: fc.double({ min: 0.1, max: 4, noNaN: true }) }),
  ),
}
const make = (method: (typeof bridges)[number], params: object): Bridge =>
  (method.make as (params: unknown, networks: object) => Bridge)(method.params.parse(params), {})

describe.each(bridges.map((method) => [method.id, method] as const))('the bridge %s', (id, method) => {
  it('stands on both banks', () => {
    fc.assert(
      fc.property(settings[id], (params) => {
        const bridge = make(method, params)
        for (const [t, a, b] of [
          [0, 1, 0],
          [1, 0, 1],
        ] as const) {
          const at = bridge.at(t)
          expect(Math.abs(at.a - a)).toBeLessThan(1e-15)
          expect(Math.abs(at.b - b)).toBeLessThan(1e-15)
          expect(Math.abs(at.gamma)).toBeLessThan(1e-15)
        }
      }),
    )
  })

  it('knows its own slopes', () => {
    fc.assert(
      fc.property(settings[id], fc.double({ min: 0.02, max: 0.98, noNaN: true }), (params, t) => {
        // Where one half of an encoding ends the other begins: both slopes are 0 there, and the middle is left to that.
        fc.pre(Math.abs(t - 0.5) > 1e-3)
        const bridge = make(method, params)
        const h = 1e-6
        const [before, at, after] = [t - h, t, t + h].map(bridge.at)
        expect(Math.abs((after.a - before.a) / (2 * h) - at.da)).toBeLessThan(1e-6)
        expect(Math.abs((after.b - before.b) / (2 * h) - at.db)).toBeLessThan(1e-6)
        expect(Math.abs((after.gamma ** 2 - before.gamma ** 2) / (4 * h) - at.gammaSlope)).toBeLessThan(1e-6)
      }),
    )
  })

  it('has no place beyond its banks', () => {
    for (const t of [-0.1, 1.1, Number.NaN]) expect(() => make(method, {}).at(t)).toThrow(RangeError)
  })
})
