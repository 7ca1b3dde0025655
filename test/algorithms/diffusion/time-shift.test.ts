import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { pickLevel, timeShift, varianceOf } from '../../../main/algorithms/diffusion/solvers/time-shift.ts'
import { tableOfPath } from '../../../main/math/timesteps.ts'
import { discrete, evenLambda, generate, normals, smooth } from '../../kit/generate.ts'
import type { Mixture } from '../../kit/mixture.ts'

const { abar } = tableOfPath(discrete)
const legs = uniform.make(uniform.params.parse({}), {}).legs(discrete, 10)
/** Pictures of 192 values around three means, of deviation 0.2. */
const pictures: Mixture = {
  weights: [0.4, 0.35, 0.25],
  means: [21, 22, 23].map((seed) => [...normals(192, seed).map((v) => 0.4 * v)]),
  stds: [0.2, 0.2, 0.2],
}
const shift = (params: object) => timeShift.make(timeShift.params.parse(params), {})

/** Deviation of what is left after the nearest mean. */
function spreadOf(x: Float64Array): number {
  const distances = pictures.means.map((mean) => Math.sqrt(x.reduce((sum, value, i) => sum + (value - mean[i]) ** 2, 0) / x.length))
  return Math.min(...distances)
}

describe('Time-Shift', () => {
  it('is DDIM where nothing may shift', async () => {
    const x = normals(192, 4)
    const plain = (await generate({ solver: ddim.make({ eta: 0 }, {}), legs, x, path: discrete, mixture: pictures })).x
    for (const params of [{ window: 0 }, { window: 1 }, { cutoff: 999 }])
      for (const mode of ['target', 'both', 'network'])
        expect((await generate({ solver: shift({ mode, ...params }), legs, x, path: discrete, mixture: pictures })).x).toEqual(plain)
  })

  it('reaches further where steps are fewer', async () => {
    const x = normals(192, 4)
    for (const steps of [5, 10]) {
      const own = uniform.make(uniform.params.parse({}), {}).legs(discrete, steps)
      const end = async (params: object) => (await generate({ solver: shift(params), legs: own, x, path: discrete, mixture: pictures })).x
      expect(await end({})).toEqual(await end({ window: 400 / steps }))
    }
  })

  it('knows the level of pure noise', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: 1, max: 1000 }),
        (level, off, seed) => {
          const raw = normals(64, seed)
          const scale = Math.sqrt((1 - abar[level]) / varianceOf(raw))
          const centre = Math.min(999, Math.max(0, level + off))
          expect(
            pickLevel(
              raw.map((value) => value * scale),
              centre,
              41,
              abar,
            ),
          ).toBe(level)
        },
      ),
    )
  })

  it('gives back some of the spread that few steps take away', async () => {
    let [shifted, plain] = [0, 0]
    for (let seed = 1; seed <= 20; seed++) {
      const run = { legs, x: normals(192, seed), path: discrete, mixture: pictures }
      shifted += spreadOf((await generate({ ...run, solver: shift({ window: 40, cutoff: 300 }) })).x) / 20
      plain += spreadOf((await generate({ ...run, solver: ddim.make({ eta: 0 }, {}) })).x) / 20
    }
    expect(plain).toBeLessThan(0.2)
    expect(Math.abs(shifted - 0.2)).toBeLessThan(Math.abs(plain - 0.2))
  })

  it('tells which levels it took', async () => {
    const { report } = await generate({ solver: shift({ mode: 'both' }), legs, x: normals(192, 9), path: discrete, mixture: pictures })
    expect(report?.asked).toHaveLength(10)
    expect(report?.asked?.[0]).toBe(legs[0].from.label)
    expect(report?.asked).not.toEqual(legs.map((leg) => leg.from.label))
  })

  it('refuses paths and schedules without levels', async () => {
    await expect(generate({ solver: shift({}), legs: evenLambda(smooth, 4), x: normals(8, 1) })).rejects.toThrow(/no discrete levels/)
    await expect(generate({ solver: shift({}), legs: evenLambda(discrete, 4), x: normals(8, 1), path: discrete })).rejects.toThrow(
      /levels the model was trained on/,
    )
    expect(() => varianceOf(Float64Array.of(1))).toThrow(RangeError)
  })
})
