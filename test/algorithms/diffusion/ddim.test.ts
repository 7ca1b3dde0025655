import { describe, expect, it } from 'vitest'
import { edm } from '../../../main/algorithms/diffusion/paths/edm.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { euler } from '../../../main/algorithms/diffusion/solvers/euler.ts'
import { askAhead, backLegs } from '../../../main/math/back-course.ts'
import { ddimStep } from '../../../main/math/ddim-step.ts'
import { retimed } from '../../../main/math/prediction.ts'
import { ddimTimesteps, lastLegs } from '../../../main/math/timesteps.ts'
import { apart, discrete, evenLambda, exactEnd, furthest, generate, normals, smooth, toy } from '../../kit/generate.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'

const plain = ddim.make({ eta: 0 }, {})
const legsOf = (steps: number) => uniform.make(uniform.params.parse({}), {}).legs(discrete, steps)
const x = normals(64, 3)

describe('DDIM', () => {
  it('comes twice as near to the flow with twice the steps', async () => {
    const exact = await exactEnd({ x })
    const errorOf = async (steps: number) => apart((await generate({ solver: plain, legs: evenLambda(smooth, steps), x })).x, exact)
    const errors = [await errorOf(50), await errorOf(100), await errorOf(200)]
    for (const [i, error] of errors.slice(1).entries()) {
      expect(errors[i] / error).toBeGreaterThan(1.7)
      expect(errors[i] / error).toBeLessThan(2.4)
    }
  })

  it('is Euler’s step on the variance-exploding path', async () => {
    const path = edm.make(edm.params.parse({}), {})
    const legs = evenLambda(smooth, 12)
    const exploded = legs.map(({ from, to }) => {
      const flat = ({ alpha, sigma }: typeof from) => ({ t: sigma / alpha, alpha: 1, sigma: sigma / alpha })
      return { from: flat(from), to: flat(to) }
    })
    const scaled = x.map((value) => value / legs[0].from.alpha)
    const denoise = retimed(mixtureDenoiser(toy).denoise, smooth)
    const unscaled = (await generate({ solver: euler.make({}, {}), legs: exploded, x: scaled, path, denoise })).x
    const own = (await generate({ solver: plain, legs, x })).x
    const { alpha } = legs[11].to
    expect(
      furthest(
        own,
        unscaled.map((value) => value * alpha),
      ),
    ).toBeLessThan(1e-9)
  })

  it('with eta 1 is the ancestral step of Euler’s form', async () => {
    const { from, to } = legsOf(10)[4]
    const [x0, eps, z] = [normals(6, 1), normals(6, 2), normals(6, 3)]
    const said = { x0, eps }
    const own = ddimStep(said, from, to, 1, () => z)
    const [now, next] = [from.sigma / from.alpha, to.sigma / to.alpha]
    const up = Math.sqrt((next ** 2 * (now ** 2 - next ** 2)) / now ** 2)
    const down = Math.sqrt(next ** 2 - up ** 2)
    const unscaled = x0.map((value, i) => value + now * eps[i] + (down - now) * eps[i] + up * z[i])
    expect(
      furthest(
        own,
        unscaled.map((value) => value * to.alpha),
      ),
    ).toBeLessThan(1e-12)
  })

  it('finds its way back the better the more steps it takes, but never exactly', async () => {
    const picture = (await generate({ solver: plain, legs: legsOf(200), x, path: discrete })).x
    const lossOf = async (steps: number) => {
      const legs = legsOf(steps)
      const back = backLegs(legs)
      const denoise = askAhead(mixtureDenoiser(toy).denoise, back)
      const noise = (await generate({ solver: plain, legs: back, x: picture, path: discrete, denoise })).x
      return apart((await generate({ solver: plain, legs, x: noise, path: discrete })).x, picture)
    }
    const [coarse, fine] = [await lossOf(20), await lossOf(100)]
    expect(fine).toBeLessThan(coarse / 2)
    expect(fine).toBeGreaterThan(1e-4)
  })

  it('with eta 1 spreads as the data does', async () => {
    const many = normals(6000, 5)
    const one = { weights: [1], means: [[0.5, -0.5]], stds: [0.6] }
    const { x: end } = await generate({ solver: ddim.make({ eta: 1 }, {}), legs: legsOf(400), x: many, path: discrete, mixture: one })
    const variance = end.reduce((sum, value, i) => sum + (value - (i % 2 ? -0.5 : 0.5)) ** 2, 0) / end.length
    expect(Math.abs(variance / 0.36 - 1)).toBeLessThan(0.05)
  })

  it('takes the last share of a course for a start from a picture', () => {
    expect(lastLegs(legsOf(10), 0.6)).toEqual(legsOf(10).slice(4))
    expect(() => lastLegs(legsOf(10), 0.05)).toThrow(/leaves nothing/)
    expect(() => lastLegs(legsOf(10), 1.2)).toThrow(RangeError)
  })

  it('rounds exact halves to the even level', () => {
    expect(ddimTimesteps(1000, 16, 'trailing', 0).slice(0, 4)).toEqual([999, 937, 874, 811])
    // Every number of steps gives exactly so many levels, each lower than the one before.
    for (let steps = 1; steps <= 1000; steps++)
      for (const spacing of ['trailing', 'linspace'] as const) {
        const list = ddimTimesteps(1000, steps, spacing, 0)
        expect(list.length).toBe(steps)
        expect(list.every((t, i) => t >= 0 && (i === 0 || t < list[i - 1]))).toBe(true)
      }
  })
})
