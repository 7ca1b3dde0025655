import { describe, expect, it } from 'vitest'
import { uniform } from '../../main/algorithms/diffusion/schedules/uniform.ts'
import type { Inversion } from '../../main/algorithms/editing.ts'
import { inversions } from '../../main/algorithms/index.ts'
import type { Leg } from '../../main/math/gaussian-path.ts'
import { outcome } from '../../main/math/integrate.ts'
import { type Denoise, guide } from '../../main/math/prediction.ts'
import { lastLegs } from '../../main/math/timesteps.ts'
import { apart, discrete, furthest, normals, toy } from '../kit/generate.ts'
import { predictMixture, restrict } from '../kit/mixture.ts'

const { signal } = new AbortController()

/** The steps of an edit: Stable Diffusion's levels up to four fifths of the noise. */
const ladder = (steps: number): readonly Leg[] => lastLegs(uniform.make(uniform.params.parse({}), {}).legs(discrete, steps), 0.8)

/** Pictures of the toy's first mode, as far apart as the mode is wide. */
const picture = normals(64, 3).map((value, i) => toy.means[0][i % 2] + toy.stds[0] * value)

const only = restrict(toy, [0])
/** Networks of all kinds: a perfect one, one under guidance that sees rounded numbers, and one that knows nothing of pictures. */
const networks: Readonly<Record<string, Denoise>> = {
  'a perfect network': async (x, at) => predictMixture(only, x, at),
  'guidance and a network of single precision': async (x, at) => {
    const seen = Float64Array.from(Float32Array.from(x))
    const { eps, x0 } = guide(predictMixture(toy, seen, at), predictMixture(only, seen, at), 3)
    return { eps: Float64Array.from(Float32Array.from(eps)), x0 }
  },
  'a network that knows nothing': async (x, { label = 0 }) => ({ eps: x.map((value) => Math.sin(3 * value) + label / 1000), x0: x }),
}

/** Settings of each inversion. A new one cannot compile without. */
const settings: Readonly<Record<(typeof inversions)[number]['id'], readonly object[]>> = {
  'bdia-inversion': [{}, { gamma: 0.92 }, { gamma: 1 }],
  'ddim-inversion': [{}],
  edict: [{}, { mix: 0.9 }, { mix: 0.97 }, { leapfrog: false }],
}

const variants = inversions.flatMap((method) =>
  settings[method.id].map(
    (params) =>
      [method.id, JSON.stringify(params), (method.make as (p: unknown, n: object) => Inversion)(method.params.parse(params), {})] as const,
  ),
)

const roundTrip = async (inversion: Inversion, legs: readonly Leg[], denoise: Denoise): Promise<readonly Float64Array[]> =>
  outcome(inversion.back(await outcome(inversion.there(picture, legs, denoise, signal)), denoise, signal))

describe.each(variants)('the inversion %s with %s', (_, params, inversion) => {
  if (inversion.exact)
    describe.each(Object.entries(networks))('returns to the picture, with %s', (__, denoise) => {
      it.each([2, 10, 20, 50])('over a ladder of %i steps', async (steps) => {
        for (const result of await roundTrip(inversion, steps === 2 ? ladder(4) : ladder(steps), denoise))
          expect(furthest(result, picture)).toBeLessThan(1e-10)
      })
    })
  else
    it('comes back the nearer the more steps it takes', async () => {
      const denoise = networks['a perfect network']
      const errors: number[] = []
      for (const steps of [25, 50, 100, 200]) errors.push(apart((await roundTrip(inversion, ladder(steps), denoise))[0], picture))
      for (const [i, error] of errors.slice(1).entries()) expect(error).toBeLessThan(errors[i] / 1.6)
      expect(errors[0]).toBeLessThan(0.3)
    })

  it('finds noise that the model knows, and says where it does not', async () => {
    const warningWith = async (network: string) => {
      const denoise = networks[network]
      return inversion.readOut(await outcome(inversion.there(picture, ladder(50), denoise, signal)))
    }
    const { measures, warning } = await warningWith('a perfect network')
    expect(measures.spread).toBeGreaterThan(0.5)
    expect(measures.spread).toBeLessThan(2)
    if (params !== '{}') return
    expect(warning).toBeNull()
    if (inversion.exact) expect((await warningWith('a network that knows nothing')).warning).toMatch(/^The .+: .+\.$/)
  })

  it('asks as often as it says', async () => {
    let asked = 0
    const denoise: Denoise = async (x, at) => {
      asked++
      return predictMixture(only, x, at)
    }
    const legs = ladder(10)
    const inverted = await outcome(inversion.there(picture, legs, denoise, signal))
    expect(asked).toBe(inversion.calls(legs.length).there)
    await outcome(inversion.back(inverted, denoise, signal))
    expect(asked).toBe(inversion.calls(legs.length).there + inversion.calls(legs.length).back)
  })

  it('leaves the picture as it was, and yields every step', async () => {
    const before = picture.slice()
    const legs = ladder(10)
    const steps: number[] = []
    for await (const { step } of inversion.there(picture, legs, networks['a perfect network'], signal)) steps.push(step)
    expect(steps).toEqual(legs.map((__, i) => i + 1))
    expect(picture).toEqual(before)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    let asked = 0
    const denoise: Denoise = async (x, at) => {
      if (++asked === 4) controller.abort()
      return predictMixture(only, x, at)
    }
    await expect(outcome(inversion.there(picture, ladder(50), denoise, controller.signal))).rejects.toMatchObject({ name: 'AbortError' })
    expect(asked).toBeLessThanOrEqual(5)
  })

  it('refuses what cannot be inverted', async () => {
    const denoise = networks['a perfect network']
    const broken = picture.slice()
    broken[5] = Number.NaN
    await expect(outcome(inversion.there(broken, ladder(10), denoise, signal))).rejects.toThrow(/place 5/)
    await expect(outcome(inversion.there(picture, [], denoise, signal))).rejects.toThrow(RangeError)
    const inverted = await outcome(inversion.there(picture, ladder(10), denoise, signal))
    await expect(outcome(inversion.back({ ...inverted, states: [] }, denoise, signal))).rejects.toThrow(RangeError)
  })
})
