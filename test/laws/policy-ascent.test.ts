import { describe, expect, it } from 'vitest'
import type { AscentState } from '../../main/algorithms/decision.ts'
import { Refusal } from '../../main/algorithms/define.ts'
import { policyAscents } from '../../main/algorithms/index.ts'
import { outcome } from '../../main/math/integrate.ts'
import { signal } from '../kit/generate.ts'

/** -½ Σ m x² + c x: its slope, and its second slope. */
const [m, c] = [
  [1, 0.5, 0.2],
  [-0.9, -0.3, 0.9],
]
const quadratic = {
  gradient: (theta: Float64Array) => theta.map((value, i) => c[i] - m[i] * value),
  bend: (_: Float64Array, w: Float64Array) => w.map((value, i) => -m[i] * value),
  chance: () => 0.4,
}
const start = Float64Array.of(0, 1, 0)

describe.each(policyAscents.map((method) => [method.id, method] as const))('the ascent %s', (_, method) => {
  describe.each(method.params.shape.kind.unwrap().options)('%s', (kind) => {
    const ascent = method.make(method.params.parse({ kind, steps: 60 }), {})

    it('knows a quadratic value’s slope where it stands, in every step', async () => {
      let at: Float64Array = start
      for await (const { theta, direction } of ascent.ascend(start, quadratic, signal)) {
        for (const [i, value] of quadratic.gradient(at).entries()) expect(Math.abs(direction[i] - value)).toBeLessThan(1e-12)
        at = theta
      }
    })

    it('leaves out what is not finite, and gives up where nothing is', async () => {
      let asked = 0
      const torn = {
        ...quadratic,
        gradient: (theta: Float64Array) => quadratic.gradient(theta).map((v) => (asked % 7 === 3 ? Number.NaN : v)),
      }
      let last: AscentState | undefined
      for await (const state of ascent.ascend(start, torn, signal)) {
        asked++
        last = state
        expect(state.theta.every(Number.isFinite)).toBe(true)
      }
      expect(last?.leftOut).toBe(9)
      const nothing = { ...quadratic, gradient: (theta: Float64Array) => theta.map(() => Number.NaN) }
      await expect(outcome(ascent.ascend(start, nothing, signal))).rejects.toThrow(Refusal)
    })

    it('stays where there is no slope, and stops when it is told', async () => {
      const flat = { ...quadratic, gradient: (theta: Float64Array) => theta.map(() => 0), bend: (_: Float64Array, w: Float64Array) => w }
      expect(await outcome(ascent.ascend(start, flat, signal))).toEqual(start)
      const stop = new AbortController()
      const run = ascent.ascend(start, quadratic, stop.signal)
      await run.next()
      stop.abort(new Error('enough'))
      await expect(run.next()).rejects.toThrow('enough')
    })
  })
})
