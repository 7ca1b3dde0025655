import { describe, expect, it } from 'vitest'
import { targetFitters } from '../../main/algorithms/index.ts'
import type { Descent, Optimizer } from '../../main/algorithms/optimizer.ts'
import type { TargetFitter, View } from '../../main/algorithms/target-fit.ts'
import { outcome } from '../../main/math/integrate.ts'
import { applyMatrix, matrix, transpose } from '../../main/math/matrix.ts'
import { mix } from '../../main/math/mix.ts'
import { normals } from '../kit/generate.ts'

const { signal } = new AbortController()
const plain: Optimizer = {
  start: ({ values }) => ({ values, count: 0 }),
  step: ({ values, count }, gradient) => ({ values: mix([1, values], [-0.05, gradient]), count: count + 1 }),
}

describe.each(targetFitters.map((method) => [method.id, method] as const))('the fitter of targets %s', (_, method) => {
  const fitter: TargetFitter = method.make(method.params.parse({ reach: 0.5, rounds: 60 }), {})
  const X = matrix(8, 3, normals(24, 1))
  const wanted = applyMatrix(X, normals(3, 2))
  const view: View = {
    render: (theta) => applyMatrix(X, theta),
    pull: (_theta, slope) => applyMatrix(transpose(X), slope),
    opinion: async (z) => mix([1, z], [-1, wanted]),
  }
  const start = (): Descent => plain.start({ values: normals(3, 3), shape: [3] })
  const off = (theta: Float64Array) => mix([1, applyMatrix(X, theta)], [-1, wanted]).reduce((sum, value) => sum + value * value, 0)

  it('fits what the opinion wants, and counts its calls', async () => {
    let asked = 0
    const opinion: View['opinion'] = (z, one) => {
      asked++
      return view.opinion(z, one)
    }
    const counted = { ...view, opinion }
    const before = start()
    const { parameters, calls, updates } = await outcome(fitter.fit(before, plain, () => counted, signal))
    expect(off(parameters) / off(before.values)).toBeLessThan(1e-4)
    expect(calls).toBe(asked)
    expect(updates).toBeGreaterThanOrEqual(calls)
    expect(before).toEqual(start())
  })

  it('refuses opinions that do not fit or are not finite', async () => {
    const asked = (opinion: View['opinion']) => outcome(fitter.fit(start(), plain, () => ({ ...view, opinion }), signal))
    await expect(asked(async () => new Float64Array(7))).rejects.toThrow(RangeError)
    await expect(asked(async (z) => z.map(() => Number.NaN))).rejects.toThrow(RangeError)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const run = async () => {
      for await (const { step } of fitter.fit(start(), plain, () => view, controller.signal)) if (step === 2) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
