import { describe, expect, it } from 'vitest'
import { adamp, startDescent, stepProjected } from '../../../main/algorithms/learning/adamp.ts'
import { adamStep, noMoments } from '../../../main/math/adam.ts'
import { normals } from '../../kit/generate.ts'

const norms = (values: Float64Array) =>
  Array.from({ length: values.length / 4 }, (_, r) => Math.hypot(...values.subarray(4 * r, 4 * r + 4)))

/** Turns each quaternion towards its aim, by the slope of ½|p/|p| - aim|², which does not mind the size of p. */
function turned(shape: readonly number[], steps: number, rate: number) {
  const settings = adamp.params.parse({ rate, epsilon: 1e-15 })
  const aims = normals(40, 8)
  let state = startDescent({
    values: normals(40, 7).map((value, i, all) => value / Math.hypot(...all.subarray(i & ~3, (i & ~3) + 4))),
    shape,
  })
  for (let step = 0; step < steps; step++) {
    const sizes = norms(state.values)
    const aimSizes = norms(aims)
    const gradient = state.values.map((_, i) => {
      const r = i >> 2
      let along = 0
      for (let k = 4 * r; k < 4 * r + 4; k++) along += (state.values[k] / sizes[r]) * (aims[k] / aimSizes[r])
      return -(aims[i] / aimSizes[r] - (along * state.values[i]) / sizes[r]) / sizes[r]
    })
    state = stepProjected(state, gradient, settings)
  }
  const [sizes, aimSizes] = [norms(state.values), norms(aims)]
  const missed = norms(state.values.map((value, i) => value / sizes[i >> 2] - aims[i] / aimSizes[i >> 2]))
  return { state, sizes, missed }
}

describe('AdamP', () => {
  it('keeps the size of quaternions where Adam lets it run away, and turns them no worse', () => {
    // As one list of numbers there are no rows to project: Adam.
    const [projected, plain] = [turned([10, 4], 400, 0.02), turned([40], 400, 0.02)]
    const drift = (sizes: readonly number[]) => Math.max(...sizes.map((size) => Math.abs(size - 1)))
    expect(projected.state.view).toBe('rows')
    // The rest is the second order that the sphere's bend leaves.
    expect(drift(projected.sizes)).toBeLessThan(0.06)
    expect(drift(plain.sizes)).toBeGreaterThan(3 * drift(projected.sizes))
    expect(Math.max(...projected.missed)).toBeLessThan(0.02)
  })

  it('steps at a right angle to the values, so that they grow by the square of the step alone', () => {
    const settings = adamp.params.parse({ rate: 1e-3 })
    const values = normals(4, 2)
    const raw = normals(4, 3)
    const share = raw.reduce((sum, value, i) => sum + value * values[i], 0) / values.reduce((sum, value) => sum + value * value, 0)
    const after = stepProjected(
      startDescent({ values, shape: [1, 4] }),
      raw.map((value, i) => value - share * values[i]),
      settings,
    )
    const step = after.values.map((value, i) => value - values[i])
    expect(step.reduce((sum, value, i) => sum + value * values[i], 0)).toBeCloseTo(0, 10)
    expect(Math.hypot(...step)).toBeGreaterThan(1e-3)
  })

  it.each([
    ['with no threshold', { threshold: 0 }, [4, 5]],
    ['without projection', { projected: false }, [4, 5]],
    ['for a list', {}, [20]],
  ])('is Adam %s', (_, options, shape) => {
    const settings = adamp.params.parse({ rate: 0.02, ...options })
    let state = startDescent({ values: normals(20, 1), shape })
    let adam = { x: state.values, moments: noMoments(20) }
    for (let step = 0; step < 10; step++) {
      const gradient = normals(20, 50 + step)
      state = stepProjected(state, gradient, settings)
      adam = adamStep(adam.x, gradient, adam.moments, settings)
      expect(state.view).toBeNull()
    }
    for (const [i, value] of state.values.entries()) expect(value).toBeCloseTo(adam.x[i], 12)
  })
})
