import { describe, expect, it } from 'vitest'
import { rectifiedFlow } from '../../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { multistep } from '../../../main/algorithms/diffusion/schedules/multistep.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { dpmSolverPp } from '../../../main/algorithms/diffusion/solvers/dpm-solver-pp.ts'
import { unipc } from '../../../main/algorithms/diffusion/solvers/unipc.ts'
import { type Denoise, decode, encode, guide, type PredictionKind, retimed, rows, withClean } from '../../../main/math/prediction.ts'
import { apart, discrete, drawsOf, evenLambda, exactEnd, furthest, generate, normals, smooth, toy } from '../../kit/generate.ts'
import { mixtureDenoiser, predictMixture } from '../../kit/mixture.ts'

const plain = ddim.make({ eta: 0 }, {})
const pp = (params: object) => dpmSolverPp.make(dpmSolverPp.params.parse(params), {})
const uni = (params: object) => unipc.make(unipc.params.parse(params), {})
const x = normals(96, 11)
const legs = evenLambda(smooth, 10)
const endOf = async (solver: ReturnType<typeof pp>, steps = 10) => (await generate({ solver, legs: evenLambda(smooth, steps), x })).x

describe('DPM++ and UniPC', () => {
  it('come nearer to the flow than DDIM at equal calls', async () => {
    const exact = await exactEnd({ x })
    for (const steps of [10, 20]) {
      const first = apart((await generate({ solver: plain, legs: evenLambda(smooth, steps), x })).x, exact)
      expect(apart(await endOf(pp({ order: 2, lowerOrderFinal: false }), steps), exact)).toBeLessThan(first)
      expect(apart(await endOf(uni({ order: 2 }), steps), exact)).toBeLessThan(first)
    }
  })

  it('are DDIM at first order', async () => {
    const first = (await generate({ solver: plain, legs, x })).x
    expect(furthest(await endOf(pp({ order: 1 })), first)).toBeLessThan(1e-12)
    expect(furthest(await endOf(pp({ order: 1, prediction: 'noise' })), first)).toBeLessThan(1e-11)
    const never = Array.from({ length: 10 }, (_, i) => i)
    expect(furthest(await endOf(uni({ order: 1, disableCorrector: never })), first)).toBeLessThan(1e-12)
  })

  it('are each other where UniPC does not mend', async () => {
    const never = Array.from({ length: 10 }, (_, i) => i)
    const a = await endOf(uni({ order: 2, disableCorrector: never }))
    expect(furthest(a, await endOf(pp({ order: 2 })))).toBeLessThan(1e-12)
  })

  it('refuse what would divide by nothing', async () => {
    await expect(generate({ solver: pp({}), legs: [{ from: legs[0].from, to: legs[0].from }], x })).rejects.toThrow(/goes nowhere/)
    const zero = multistep.make(multistep.params.parse({ landing: 'zero' }), {}).legs(discrete, 6)
    await expect(generate({ solver: uni({ variant: 'bh1' }), legs: zero, x, path: discrete })).rejects.toThrow(/cannot land/)
    await expect(generate({ solver: pp({ prediction: 'noise' }), legs: zero, x, path: discrete })).rejects.toThrow(/cannot land/)
    expect(() => pp({ kappa: 1, order: 3 })).toThrow(RangeError)
  })

  it('with fresh noise give the data its spread, the same bytes for a seed, and others for another', async () => {
    const one = { weights: [1], means: [[0.4, -0.3]], stds: [0.5] }
    const many = normals(10_000, 2)
    const course = evenLambda(smooth, 300)
    const run = async (seed: number) =>
      (await generate({ solver: pp({ order: 2, kappa: 1 }), legs: course, x: many, mixture: one, seed })).x
    const end = await run(4)
    const variance = end.reduce((sum, value, i) => sum + (value - (i % 2 ? -0.3 : 0.4)) ** 2, 0) / end.length
    expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(0.05)
    expect(await run(4)).toEqual(end)
    expect(furthest(await run(5), end)).toBeGreaterThan(0.01)
  })
})

describe('any kind of network', () => {
  /** A network that answers in a kind of its own, read back. */
  const speaking =
    (kind: PredictionKind): Denoise =>
    async (state, at) => {
      const row = rows[kind](at, smooth)
      return decode(state, encode(predictMixture(toy, state, at), row), row, at)
    }

  it.each(['eps', 'x0', 'v', 'score', 'velocity'] as const)('gives the same pictures with %s', async (kind) => {
    const course = evenLambda(smooth, 8)
    const direct = (await generate({ solver: pp({}), legs: course, x })).x
    expect(furthest((await generate({ solver: pp({}), legs: course, x, denoise: speaking(kind) })).x, direct)).toBeLessThan(1e-9)
  })

  it('gives the same pictures, rescaled, on a path it was not trained on', async () => {
    const straight = rectifiedFlow.make({}, {})
    const own = evenLambda(smooth, 8, 0.9, 0.01)
    const other = own.map(({ from, to }) => {
      const carry = ({ alpha, sigma }: typeof from) => ({
        t: alpha / (alpha + sigma),
        alpha: alpha / (alpha + sigma),
        sigma: sigma / (alpha + sigma),
      })
      return { from: carry(from), to: carry(to) }
    })
    const scale = (leg: (typeof own)[number]['from']) => 1 / (leg.alpha + leg.sigma)
    const denoise = retimed(mixtureDenoiser(toy).denoise, smooth)
    const there = (await generate({ solver: pp({}), legs: other, x: x.map((v) => v * scale(own[0].from)), path: straight, denoise })).x
    const here = (await generate({ solver: pp({}), legs: own, x })).x
    expect(
      furthest(
        there,
        here.map((v) => v * scale(own[7].to)),
      ),
    ).toBeLessThan(1e-9)
  })

  it('is refused where it says nothing, with the number in the message', () => {
    const pure = { t: 1, alpha: 0, sigma: 1 }
    expect(() => decode(x, x, rows.eps(pure, smooth), pure)).toThrow(/alpha 0/)
    expect(() => withClean(x, x, { t: 0, alpha: 1, sigma: 0 })).toThrow(RangeError)
  })

  it('is guided alike in every kind', () => {
    const at = legs[3].from
    const [a, b] = [predictMixture(toy, x, at), predictMixture({ ...toy, weights: [1, 0, 0] }, x, at)]
    const guided = guide(a, b, 3)
    const row = rows.v(at, smooth)
    const [va, vb] = [encode(a, row), encode(b, row)]
    const v = va.map((value, i) => value + 3 * (vb[i] - value))
    expect(furthest(decode(x, v, row, at).x0, guided.x0)).toBeLessThan(1e-9)
    expect(drawsOf(1)(4)).toEqual(drawsOf(1)(4))
  })
})
