import { describe, expect, it } from 'vitest'
import { Refusal } from '../../main/algorithms/define.ts'
import { colourMatchers } from '../../main/algorithms/index.ts'
import { sinkhornNewtonSparse } from '../../main/algorithms/transport/sinkhorn-newton-sparse.ts'
import { outcome } from '../../main/math/integrate.ts'
import { uniforms } from '../kit/generate.ts'

const { signal } = new AbortController()
const solver = sinkhornNewtonSparse.make(sinkhornNewtonSparse.params.parse({}), {})

describe.each(colourMatchers.map((method) => [method.id, method] as const))('the matcher of looks %s', (_, method) => {
  const matcher = method.make(method.params.parse({ colours: 24, steps: 8, width: 8 }), {})
  const warm = uniforms(300, 1)
  const cold = uniforms(240, 2).map((value, i) => (i % 3 === 2 ? 0.5 + value / 2 : value / 2))

  it('comes nearer with every step it tells of, and the same way each time', async () => {
    const apart: number[] = []
    for await (const { state, step, steps } of matcher.match(warm, cold, solver, 5, signal)) {
      apart.push(state.measures.apart)
      expect(step).toBe(apart.length)
      expect(steps).toBe(8)
      expect(state.apply(cold).every(Number.isFinite)).toBe(true)
    }
    const { measures, apply } = await outcome(matcher.match(warm, cold, solver, 5, signal))
    expect(measures.apart).toBeLessThan(apart[0])
    expect(measures.gap).toBeGreaterThanOrEqual(-1e-9)
    expect(apply(warm)).toEqual((await outcome(matcher.match(warm, cold, solver, 5, signal))).apply(warm))
  })

  it('refuses what has a single colour, in three sentences, and what is no picture', async () => {
    const flat = new Float64Array(90).fill(0.4)
    await expect(outcome(matcher.match(flat, cold, solver, 1, signal))).rejects.toThrow(Refusal)
    await expect(outcome(matcher.match(warm, flat, solver, 1, signal))).rejects.toThrow(Refusal)
    await expect(outcome(matcher.match(new Float64Array(0), cold, solver, 1, signal))).rejects.toThrow(RangeError)
    await expect(outcome(matcher.match(Float64Array.of(0, 1, Number.NaN), cold, solver, 1, signal))).rejects.toThrow(RangeError)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const run = async () => {
      for await (const { step } of matcher.match(warm, cold, solver, 1, controller.signal)) if (step === 2) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
