import { describe, expect, it } from 'vitest'
import { locallyRegularized, stepPenalty } from '../../../main/algorithms/learning/locally-regularized.ts'
import type { TrainedField } from '../../../main/algorithms/penalty.ts'
import { accuracy, follow, spirals, trainSpirals } from '../../kit/spiral-flow.ts'

const settings = (kind: 'error' | 'stiffness') => locallyRegularized.params.parse({ kind, absolute: 1e-6, relative: 1e-9 })
const without = { pull: (u: Float64Array) => ({ u, weights: new Float64Array(0) }) }

describe('the penalty of a step', () => {
  it('falls with the sixth power of the step where the field is smooth', () => {
    const smooth: TrainedField = {
      ...without,
      at: (u, t) => Float64Array.of(Math.sin(u[1] + t), -Math.cos(u[0] * u[1]) + 0.3 * t),
    }
    const of = (dt: number) => stepPenalty(smooth, { u: Float64Array.of(0.4, -0.7), t: 0.2, end: 2, dt }, settings('error')).value
    for (const dt of [0.2, 0.1]) expect(Math.log2(of(dt) / of(dt / 2))).toBeCloseTo(6, 0)
  })

  it('tells the stiffest rate of a linear field, over the reach of the method', () => {
    for (const rate of [-1, -7, -40]) {
      const linear: TrainedField = { ...without, at: (u) => u.map((value) => rate * value) }
      const { stiffness } = stepPenalty(linear, { u: Float64Array.of(1, 2), t: 0, end: 1, dt: 0.01 }, settings('stiffness'))
      expect(stiffness * 3.5068).toBeCloseTo(-rate, 6)
    }
  })

  it('is nothing where the field is still', () => {
    const still: TrainedField = { at: (u) => u.map(() => 0), pull: (u) => ({ u: u.map(() => 0), weights: new Float64Array(3) }) }
    for (const kind of ['error', 'stiffness'] as const) {
      const { value, gradient, next } = stepPenalty(still, { u: Float64Array.of(1, 2), t: 0, end: 1, dt: 0.1 }, settings(kind))
      expect([value, ...gradient]).toEqual([0, 0, 0, 0])
      expect([...next]).toEqual([1, 2])
    }
  })
})

it('makes a classifier that is a flow cheaper to solve, and no worse', () => {
  const [tolerance, weight] = [1e-4, 1]
  const local = locallyRegularized.params.parse({ absolute: tolerance, relative: tolerance })
  const unseen = spirals(200, 5000)
  const totals = [false, true].map((isRegularized) => {
    const runs = [100_000, 200_000].map((seed) => {
      const field = trainSpirals(
        700,
        seed,
        isRegularized
          ? (trained, u, t) =>
              stepPenalty(trained, { u, t, end: 1, dt: Math.min(0.1, 1 - t) }, local).gradient.map((slope) => weight * slope)
          : null,
      )
      const { end, calls } = follow(field, unseen.states, 1e-5)
      return { calls, right: accuracy(end, unseen) }
    })
    return { calls: runs[0].calls + runs[1].calls, right: (runs[0].right + runs[1].right) / 2 }
  })
  const [plain, regularized] = totals
  // Reckoned here: 242 calls become 128, and 97 points of 100 become 99.
  expect(regularized.calls / plain.calls).toBeLessThan(0.85)
  expect(regularized.right).toBeGreaterThan(plain.right - 0.01)
})
