import { describe, expect, it } from 'vitest'
import type { Measurement } from '../../../main/algorithms/measurement.ts'
import { dds } from '../../../main/algorithms/restoration/methods/dds.ts'
import { differencesAdjoint, differencesOf } from '../../../main/algorithms/restoration/methods/dds-stack.ts'
import { blur } from '../../../main/algorithms/restoration/operators/blur.ts'
import { mask } from '../../../main/algorithms/restoration/operators/mask.ts'
import type { LinearOperator } from '../../../main/algorithms/roles.ts'
import { dotOf } from '../../../main/math/conjugate-gradient.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { strideLegs } from '../../../main/math/stride.ts'
import { apart, drawsOf, furthest, normals, signal } from '../../kit/generate.ts'
import { levels } from '../../kit/measurements.ts'
import { predictMixture } from '../../kit/mixture.ts'

const SHAPE: [number, number, number] = [1, 8, 8]
/** Smooth pictures: a wave, and a little of everything around it. */
const wave = Array.from({ length: 64 }, (_, i) => 0.6 * Math.sin(i / 5))
const truth = normals(64, 6).map((value, i) => wave[i] + 0.1 * value)
const holes = Array.from({ length: 64 }, (_, i) => (i % 3 === 0 ? 1 : 0) as 0 | 1)
const holed = mask.make({ shape: SHAPE, mask: holes }, {})

const restore = (operator: LinearOperator, params: object, change: Partial<Measurement> = {}) =>
  outcome(
    dds.make(dds.params.parse(params), {}).reconstruct(
      {
        operator,
        y: operator.apply(truth),
        deviation: 0,
        denoise: async (x, at) => predictMixture({ weights: [1], means: [wave], stds: [0.1] }, x, at),
        legs: strideLegs(levels, 50),
        draw: drawsOf(1),
        ...change,
      },
      signal,
    ),
  )

describe('DDS', () => {
  it('keeps every pixel that was measured, and fills the others as the model knows them', async () => {
    const x = await restore(holed, {})
    for (const [i, known] of holes.entries()) if (known) expect(x[i]).toBeCloseTo(truth[i], 6)
    expect(apart(x, truth)).toBeLessThan(0.15)
    expect(apart(x, truth)).toBeLessThan(0.5 * apart(holed.apply(truth), truth))
  })

  it('needs one data step where the operator is a projector', async () => {
    expect(furthest(await restore(holed, { iterations: 1 }), await restore(holed, { iterations: 5 }))).toBeLessThan(1e-12)
    const noisy = { deviation: 0.05 }
    expect(furthest(await restore(holed, { iterations: 2 }, noisy), await restore(holed, { iterations: 9 }, noisy))).toBeLessThan(1e-12)
  })

  it('takes the measurement all the more for what it is, the more it is trusted', async () => {
    const blurred = blur.make(blur.params.parse({ shape: SHAPE, kernel: { kind: 'gaussian', sigma: 1 } }), {})
    const missed = async (gamma: number) =>
      apart(blurred.apply(await restore(blurred, { gamma, iterations: 20 }, { deviation: 0.02 })), blurred.apply(truth))
    const [little, much] = [await missed(0.1), await missed(50)]
    expect(much).toBeLessThan(little / 4)
  })

  it('tells an adjoint that is none', async () => {
    const wrong: LinearOperator = { ...holed, adjoint: (y) => y.map((value) => -value) }
    await expect(restore(wrong, {})).rejects.toThrow(/adjoint/)
  })

  it('without fresh noise depends on its start alone', async () => {
    const start = normals(64, 2)
    const one = await restore(holed, { eta: 0 }, { start, draw: drawsOf(1) })
    expect(await restore(holed, { eta: 0 }, { start, draw: drawsOf(2) })).toEqual(one)
  })

  it('ties the slices of a stack: what one slice lacks, its neighbours lend', async () => {
    // Eight frames of the same eight pixels; the frame in the middle was not measured, and the model knows nothing of it.
    const frame = wave.slice(0, 8)
    const still = Float64Array.from({ length: 64 }, (_, i) => frame[i % 8])
    const seen = Array.from({ length: 64 }, (_, i) => (i >= 32 && i < 40 ? 0 : 1) as 0 | 1)
    const lost = mask.make({ shape: SHAPE, mask: seen }, {})
    const ignorant: Partial<Measurement> = {
      y: lost.apply(still),
      denoise: async (x, at) => predictMixture({ weights: [1], means: [[0]], stds: [0.5] }, x, at),
    }
    const gap = async (params: object) => apart((await restore(lost, params, ignorant)).subarray(32, 40), still.subarray(32, 40))
    expect(await gap({ stack: { slices: 8 }, iterations: 20 })).toBeLessThan(0.3 * (await gap({})))
  })

  it.each([true, false])('has differences with their exact adjoint, closed to a ring: %s', (periodic) => {
    const stack = { slices: 4, rho: 1, lambda: 1, periodic }
    const [x, d] = [normals(24, 1), normals(24, 2)]
    expect(dotOf(differencesOf(x, stack), d)).toBeCloseTo(dotOf(x, differencesAdjoint(d, stack)), 12)
    if (!periodic) expect([...differencesOf(x, stack).subarray(18)]).toEqual([0, 0, 0, 0, 0, 0])
  })
})
