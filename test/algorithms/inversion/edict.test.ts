import { describe, expect, it } from 'vitest'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { edict, mixPair, unmixPair } from '../../../main/algorithms/inversion/edict.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { mix } from '../../../main/math/mix.ts'
import { levelsOf, rootMeanSquare } from '../../../main/math/move.ts'
import type { Denoise } from '../../../main/math/prediction.ts'
import { discrete, furthest, normals, signal } from '../../kit/generate.ts'

const legs = uniform.make(uniform.params.parse({}), {}).legs(discrete, 20)
const inversion = edict.make({ mix: 0.93, leapfrog: true }, {})
const [x, y] = [normals(32, 1), normals(32, 2)]
const difference = (a: Float64Array, b: Float64Array) => rootMeanSquare(mix([1, a], [-1, b]))

describe('EDICT', () => {
  it('draws the two sequences together by p² a step, and apart again', () => {
    const [a, b] = mixPair([x, y], 0.93)
    expect(difference(a, b) / difference(x, y)).toBeCloseTo(0.93 ** 2, 12)
    const [c, d] = unmixPair([a, b], 0.93)
    expect(furthest(c, x)).toBeLessThan(1e-14)
    expect(furthest(d, y)).toBeLessThan(1e-14)
  })

  it('only rescales where there is no noise', async () => {
    const silent: Denoise = async (at) => ({ eps: at.map(() => 0), x0: at })
    const levels = levelsOf(legs)
    const factor = levels[0].alpha / levels[20].alpha
    for (const end of await outcome(inversion.back({ levels, states: [x, x] }, silent, signal)))
      expect(
        furthest(
          end,
          x.map((value) => value * factor),
        ),
      ).toBeLessThan(1e-12)
  })

  it('is exact though each sequence is moved by what the other one is seen with', async () => {
    const told: Float64Array[] = []
    const curious: Denoise = async (at) => {
      told.push(at)
      return { eps: at.map((value) => Math.tanh(5 * value)), x0: at }
    }
    const inverted = await outcome(inversion.there(x, legs, curious, signal))
    expect(difference(inverted.states[0], inverted.states[1])).toBeGreaterThan(0)
    const up = told.splice(0)
    for (const end of await outcome(inversion.back(inverted, curious, signal))) expect(furthest(end, x)).toBeLessThan(1e-10)
    // What was asked on the way up is asked again on the way down, last first.
    for (const [i, at] of told.entries()) expect(furthest(at, up[up.length - 1 - i])).toBeLessThan(1e-10)
  })

  it('refuses a mixing weight that cannot hold the two together', () => {
    expect(() => edict.make({ mix: 0.5, leapfrog: true }, {})).toThrow(RangeError)
  })
})
