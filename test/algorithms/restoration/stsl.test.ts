import { describe, expect, it } from 'vitest'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddimInversion } from '../../../main/algorithms/inversion/ddim-inversion.ts'
import type { Measurement } from '../../../main/algorithms/measurement.ts'
import { secondOrder, stsl } from '../../../main/algorithms/restoration/methods/stsl.ts'
import { dataSlope, lengthOf, look, surrogate, traceSlope } from '../../../main/algorithms/restoration/methods/stsl-surrogate.ts'
import { dotOf } from '../../../main/math/conjugate-gradient.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { mix } from '../../../main/math/mix.ts'
import { apart, discrete, drawsOf, furthest, normals, signal } from '../../kit/generate.ts'
import { denseOperator } from '../../kit/measurements.ts'
import { type Mixture, predictMixture, pullMixture } from '../../kit/mixture.ts'

const pictures: Mixture = {
  weights: [0.6, 0.4],
  means: [
    [0.9, -0.3, 0.4],
    [-0.7, 0.5, -0.2],
  ],
  stds: [0.4, 0.3],
}
const operator = denseOperator([
  [0.9, 0.3, -0.2],
  [0.1, 0.8, 0.5],
])
const truth = Float64Array.of(0.8, -0.1, 0.5)
const start = Float64Array.of(0.2, 0.4, -0.1)
const measured: Measurement = {
  operator,
  y: operator.apply(truth),
  deviation: 0,
  denoise: async (x, at) => predictMixture(pictures, x, at),
  legs: uniform.make(uniform.params.parse({}), {}).legs(discrete, 20),
  draw: drawsOf(1),
  start,
}
const told: Measurement = { ...measured, pull: async (x, at, v) => pullMixture(pictures, x, at, v) }
const at = measured.legs[8].from
const [z, u] = [normals(3, 5), normals(3, 6)]

describe('STSL', () => {
  it('goes down the slope of its loss, told by the model or found by two calls along a line', async () => {
    const slope = async (from: Measurement, eta: number) => {
      const seen = await look(from, z, at, signal)
      return mix([1, await dataSlope(from, seen, 0.3, 1e-3, signal)], [1, await traceSlope(from, seen, u, eta, 1e-3, signal)])
    }
    const loss = async (x: Float64Array) => surrogate(measured, await look(measured, x, at, signal), u, 0.3, 0.02, signal)
    const [exact, found] = [await slope(told, 0.02), await slope(measured, 0.02)]
    expect(furthest(exact, found)).toBeLessThan(1e-5 * lengthOf(exact))
    const direction = normals(3, 7)
    const h = 1e-5
    const steep = ((await loss(mix([1, z], [h, direction]))) - (await loss(mix([1, z], [-h, direction])))) / (2 * h)
    expect(Math.abs(steep / dotOf(exact, direction) - 1)).toBeLessThan(1e-6)
  })

  it('explains the measurement better level by level', async () => {
    const settings = stsl.params.parse({ zeta: 0.02, rounds: 3, eta: 0 })
    const shares: number[] = []
    for await (const { state } of secondOrder(measured, settings, signal))
      if (state.unexplained) shares.push(state.unexplained[1] / state.unexplained[0])
    expect(shares).toHaveLength(20)
    expect(shares.slice(0, 12).every((share) => share < 1)).toBe(true)
    const without = apart(operator.apply(start), measured.y)
    const end = await outcome(secondOrder(measured, settings, signal))
    expect(apart(operator.apply(end), measured.y)).toBeLessThan(0.2 * without)
  })

  it('without corrections to speak of is DDIM there and back', async () => {
    const end = await outcome(secondOrder(measured, stsl.params.parse({ zeta: 1e-13, eta: 0 }), signal))
    const inversion = ddimInversion.make({}, {})
    const there = await outcome(inversion.there(start, measured.legs, measured.denoise, signal))
    expect(furthest(end, (await outcome(inversion.back(there, measured.denoise, signal)))[0])).toBeLessThan(1e-9)
  })

  it('halves corrections that keep making things worse', async () => {
    const zetas: number[] = []
    const settings = stsl.params.parse({ zeta: 10, rounds: 1, eta: 0 })
    for await (const { state } of secondOrder(measured, settings, signal)) zetas.push(state.zeta)
    expect(Math.min(...zetas)).toBeLessThan(10)
    expect(zetas.every((zeta, i) => i === 0 || zeta === zetas[i - 1] || zeta === zetas[i - 1] / 2)).toBe(true)
  })

  it('sharpens above a level only', () => {
    const { calls } = stsl.make(stsl.params.parse({}), {})
    const above = measured.legs.filter(({ from }) => (from.label ?? 0) > 200).length
    expect(calls(measured.legs)).toBe(20 + 20 + 3 * 20 + 4 * above)
  })
})
