import { describe, expect, it } from 'vitest'
import { sequenceLayers } from '../../main/algorithms/index.ts'
import { normals } from '../kit/generate.ts'

describe.each(sequenceLayers.map((method) => [method.id, method] as const))('the layer %s', (_, method) => {
  const layer = method.make(method.params.parse({}), {})
  const dt = 0.02

  function run(values: Iterable<number>, from = layer.start()) {
    let state = from
    const outputs: number[] = []
    for (const value of values) {
      const next = layer.step(state, { value, dt })
      state = next.state
      outputs.push(next.output)
    }
    return { state, outputs }
  }

  it('answers a sum of inputs with the sum of its answers', () => {
    const [a, b] = [normals(40, 1), normals(40, 2)]
    const [ya, yb, both] = [run(a), run(b), run(a.map((value, i) => 3 * value - b[i]))].map(({ outputs }) => outputs)
    for (const [i, value] of both.entries()) expect(value).toBeCloseTo(3 * ya[i] - yb[i], 11)
  })

  it('neither drifts nor forgets where it was cut, on a long stroke', () => {
    const values = normals(10_000, 3)
    const whole = run(values)
    const first = run(values.subarray(0, 6173))
    const second = run(values.subarray(6173), first.state)
    expect([...first.outputs, ...second.outputs]).toEqual(whole.outputs)
    expect(Math.max(...whole.outputs.map(Math.abs))).toBeLessThan(20)
  })

  it('settles on the gain it tells where a value is held', () => {
    const { outputs } = run(new Float64Array(3000).fill(2))
    expect(outputs[2999]).toBeCloseTo(2 * layer.transfer(0)[0], 8)
  })

  it('holds a value for as long as it is told, in one piece or in many', () => {
    const state = run(normals(5, 4)).state
    const long = layer.step(state, { value: 0.7, dt: 0.4 })
    let short = layer.step(state, { value: 0.7, dt: 0.1 })
    for (let i = 0; i < 3; i++) short = layer.step(short.state, { value: 0.7, dt: 0.1 })
    expect(short.output).toBeCloseTo(long.output, 9)
  })

  it('drops what is no sample', () => {
    const { state } = run(normals(5, 4))
    for (const sample of [
      { value: Number.NaN, dt },
      { value: 1, dt: 0 },
      { value: 1, dt: -1 },
    ])
      expect(layer.step(state, sample).state).toEqual(state)
  })
})
