import { describe, expect, it } from 'vitest'
import { optimizers } from '../../main/algorithms/index.ts'
import type { Optimizer } from '../../main/algorithms/optimizer.ts'
import { normals } from '../kit/generate.ts'

describe.each(optimizers.map((method) => [method.id, method] as const))('the optimiser %s', (_, method) => {
  const optimizer = (method.make as (params: unknown, networks: object) => Optimizer)(method.params.parse({}), {})
  const scales = normals(12, 3).map((value) => 0.5 + Math.abs(value))
  const value = (x: Float64Array) => x.reduce((sum, one, i) => sum + 0.5 * scales[i] * one * one, 0)
  const slope = (x: Float64Array) => x.map((one, i) => scales[i] * one)
  const start = () => optimizer.start({ values: normals(12, 4), shape: [3, 4] })

  it('descends a quadratic', () => {
    let state = start()
    const before = value(state.values)
    for (let i = 0; i < 400; i++) state = optimizer.step(state, slope(state.values))
    expect(state.count).toBe(400)
    expect(value(state.values)).toBeLessThan(0.9 * before)
  })

  it('rests where there is no slope', () => {
    const state = optimizer.start({ values: normals(12, 5), shape: [12] })
    expect([...optimizer.step(state, new Float64Array(12)).values]).toEqual([...state.values])
  })

  it('keeps states as they are, and says the same of the same', () => {
    const state = optimizer.step(start(), slope(normals(12, 6)))
    const kept = structuredClone(state)
    const gradient = slope(state.values)
    expect(optimizer.step(state, gradient)).toEqual(optimizer.step(state, gradient))
    expect(state).toEqual(kept)
  })

  it('refuses what does not fit or is not finite', () => {
    expect(() => optimizer.start({ values: normals(12, 1), shape: [5, 2] })).toThrow(RangeError)
    expect(() => optimizer.step(start(), new Float64Array(11))).toThrow(RangeError)
    expect(() => optimizer.step(start(), new Float64Array(12).fill(Number.NaN))).toThrow(/place 0/)
  })
})
