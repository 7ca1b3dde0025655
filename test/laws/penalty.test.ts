import { describe, expect, it } from 'vitest'
import { flowPenalties, kernelPenalties } from '../../main/algorithms/index.ts'
import type { Kernel } from '../../main/algorithms/penalty.ts'
import { denseField } from '../kit/dense-field.ts'
import { normals } from '../kit/generate.ts'

/** A penalty's slope along a direction, by central differences. */
const slopeAlong = (value: (weights: Float64Array) => number, at: Float64Array, direction: Float64Array, h: number): number => {
  const moved = (by: number) => value(at.map((weight, i) => weight + by * direction[i]))
  return (moved(h) - moved(-h)) / (2 * h)
}
const along = (gradient: Float64Array, direction: Float64Array) => gradient.reduce((sum, value, i) => sum + value * direction[i], 0)

describe.each(kernelPenalties.map((method) => [method.id, method] as const))('the penalty of kernels %s', (_, method) => {
  const { penalty } = method.make(method.params.parse({}), {})
  const kernelOf = (outputs: number, inputs: number, side: number, stride: number): Kernel => ({
    ...{ outputs, inputs, side, stride },
    data: normals(outputs * inputs * side * side, 31 * outputs + side).map((value) => 0.3 * value),
  })

  it.each([
    [3, 4, 3, 1],
    [4, 2, 3, 2],
    [2, 2, 5, 3],
    [5, 1, 1, 1],
  ])('has the slope that differences show: %i × %i × %i by %i', (outputs, inputs, side, stride) => {
    const kernel = kernelOf(outputs, inputs, side, stride)
    const direction = normals(kernel.data.length, 5)
    const { gradient } = penalty(kernel)
    const wanted = slopeAlong((data) => penalty({ ...kernel, data }).value, kernel.data, direction, 1e-5)
    expect(along(gradient, direction) / wanted).toBeCloseTo(1, 7)
  })

  it('says the same of the same, and leaves the kernel alone', () => {
    const kernel = kernelOf(3, 3, 3, 1)
    const before = kernel.data.slice()
    expect(penalty(kernel)).toEqual(penalty(kernel))
    expect(kernel.data).toEqual(before)
  })

  it.each([
    [2, 2, 4, 1],
    [2, 2, 3, 5],
    [2, 0, 3, 1],
  ])('refuses what is no such kernel: %i × %i × %i by %i', (outputs, inputs, side, stride) => {
    expect(() => penalty(kernelOf(outputs, inputs, side, stride))).toThrow(RangeError)
  })
})

describe.each(flowPenalties.map((method) => [method.id, method] as const))('the penalty of flows %s', (_, method) => {
  const rows = (count: number, width: number, seed: number) => {
    const values = normals(count * width, seed)
    return Array.from({ length: count }, (_, i) => [...values.subarray(i * width, (i + 1) * width)])
  }
  const field = denseField({ W1: rows(8, 3, 1), b1: [...normals(8, 2)], W2: rows(2, 8, 3), b2: [...normals(2, 4)] })
  const place = { u: normals(6, 9), t: 0.3, end: 1, dt: 0.2 }

  it.each(['error', 'stiffness'] as const)('has the slope that differences show, the first stage held: %s', (kind) => {
    const { penalty } = method.make(method.params.parse({ kind }), {})
    const first = field.at(place.u, place.t)
    const value = (weights: Float64Array) => {
      const moved = field.with(weights)
      const held = { ...moved, at: (u: Float64Array, t: number) => (t === place.t && u === place.u ? first : moved.at(u, t)) }
      return penalty(held, place).value
    }
    const direction = normals(field.weights.length, 6)
    const wanted = slopeAlong(value, field.weights, direction, 1e-6)
    expect(along(penalty(field, place).gradient, direction) / wanted).toBeCloseTo(1, 4)
  })

  it('chooses a step that does not pass the end, and refuses to begin there', () => {
    const { penalty } = method.make(method.params.parse({ absolute: 10, relative: 10 }), {})
    const { dt: _, ...free } = place
    expect(penalty(field, { ...free, t: 0.9 }).dt).toBeLessThanOrEqual(0.1)
    expect(() => penalty(field, { ...free, t: 1 })).toThrow(RangeError)
  })

  it('refuses a field that says nothing', () => {
    const { penalty } = method.make(method.params.parse({}), {})
    expect(() => penalty({ ...field, at: (u) => u.map(() => Number.NaN) }, place)).toThrow(RangeError)
  })
})
