import { describe, expect, it } from 'vitest'
import { adamp } from '../../../main/algorithms/learning/adamp.ts'
import { reachAt, targetRound, targetSurrogate } from '../../../main/algorithms/learning/target-surrogate.ts'
import type { View } from '../../../main/algorithms/target-fit.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { mix } from '../../../main/math/mix.ts'
import { furthest, normals } from '../../kit/generate.ts'

const { signal } = new AbortController()
const half = (v: Float64Array) => 0.5 * v.reduce((sum, value) => sum + value * value, 0)

/** Bumps on a line, that a few parameters move and raise: cheap, and not linear. */
const places = Float64Array.from({ length: 48 }, (_, i) => i / 47)
const bump = (place: number, centre: number) => Math.exp(-0.5 * ((place - centre) / 0.08) ** 2)
const render = (theta: Float64Array) =>
  places.map((place) => {
    let sum = 0
    for (let k = 0; k < theta.length; k += 2) sum += theta[k + 1] * bump(place, theta[k])
    return sum
  })
const pull = (theta: Float64Array, slope: Float64Array) => {
  const out = new Float64Array(theta.length)
  for (const [i, place] of places.entries())
    for (let k = 0; k < theta.length; k += 2) {
      const height = bump(place, theta[k])
      out[k + 1] += slope[i] * height
      out[k] += (slope[i] * theta[k + 1] * height * (place - theta[k])) / 0.08 ** 2
    }
  return out
}
const truth = Float64Array.of(0.2, 0.9, 0.5, 0.6, 0.8, 1.1)
const start = Float64Array.of(0.27, 0.5, 0.44, 0.5, 0.74, 0.5)
const wanted = render(truth)

describe('steps towards a target', () => {
  it('fit far better for the same dear calls', async () => {
    const missed = async (updates: number) => {
      let call = 0
      // An opinion with noise of its own, as a diffusion model has.
      const view: View = {
        ...{ render, pull },
        opinion: async (z) => mix([1, z], [-1, wanted], [0.02, normals(48, 700 + call++)]),
      }
      const fitter = targetSurrogate.make(targetSurrogate.params.parse({ rounds: 60, updates, reach: 1 }), {})
      const adam = adamp.make(adamp.params.parse({ rate: 0.004 }), {})
      const { parameters, calls } = await outcome(fitter.fit(adam.start({ values: start, shape: [6] }), adam, () => view, signal))
      expect(calls).toBe(60)
      return half(mix([1, render(parameters)], [-1, wanted]))
    }
    // 8 decibels.
    expect((await missed(1)) / (await missed(4))).toBeGreaterThan(6.3)
  })

  it('are plain descent where there is one a call', async () => {
    const rate = 0.003
    const plain = adamp.make(adamp.params.parse({ base: 'sgd', rate }), {})
    const view: View = { render, pull, opinion: async (z) => z.map((value, i) => Math.tanh(value - wanted[i])) }
    const { state } = await targetRound(
      plain.start({ values: start, shape: [6] }),
      plain,
      view,
      0.7,
      { updates: 1, guarded: false },
      signal,
    )
    const slope = pull(
      start,
      render(start).map((value, i) => Math.tanh(value - wanted[i])),
    )
    expect(furthest(state.values, mix([1, start], [-rate, slope]))).toBeLessThan(1e-15)
  })

  it('are those of the loss itself where it is half a square and the reach is 1', async () => {
    const adam = adamp.make(adamp.params.parse({ rate: 0.01 }), {})
    const view: View = { render, pull, opinion: async (z) => mix([1, z], [-1, wanted]) }
    const first = adam.start({ values: start, shape: [6] })
    const { state } = await targetRound(first, adam, view, 1, { updates: 5, guarded: false }, signal)
    let own = first
    for (let i = 0; i < 5; i++) own = adam.step(own, pull(own.values, mix([1, render(own.values)], [-1, wanted])))
    expect(furthest(state.values, own.values)).toBeLessThan(1e-12)
  })
})

it('lies above what it stands for up to the inverse of its smoothness, and not beyond', () => {
  // log cosh is 1-smooth.
  const loss = (z: Float64Array) => z.reduce((sum, value, i) => sum + Math.log(Math.cosh(value - wanted[i])), 0)
  const from = render(start)
  const slope = from.map((value, i) => Math.tanh(value - wanted[i]))
  const above = (reach: number) =>
    Array.from({ length: 200 }, (_, seed) => {
      const z = render(mix([1, start], [0.05, normals(6, seed)]))
      const step = mix([1, z], [-1, from])
      return loss(from) + step.reduce((sum, value, i) => sum + value * slope[i], 0) + half(step) / reach - loss(z) >= -1e-12
    })
  expect(above(1).every(Boolean)).toBe(true)
  expect(above(4).every(Boolean)).toBe(false)
})

it('fades as it is told', () => {
  const rounds = 100
  expect(reachAt(50, { reach: 2, fading: 'constant', rounds })).toBe(2)
  expect(reachAt(3, { reach: 2, fading: 'root', rounds })).toBe(1)
  expect(reachAt(99, { reach: 2, fading: 'exponential', rounds })).toBeCloseTo(0.02, 12)
})
