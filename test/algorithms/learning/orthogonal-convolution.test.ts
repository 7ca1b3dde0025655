import { describe, expect, it } from 'vitest'
import { isometryBound, orthogonality } from '../../../main/algorithms/learning/orthogonal-convolution.ts'
import { squaredGains } from '../../../main/algorithms/learning/orthogonal-kernel.ts'
import type { Kernel } from '../../../main/algorithms/penalty.ts'
import { normals } from '../../kit/generate.ts'

const random = (outputs: number, inputs: number, side: number, stride: number, size = 0.3): Kernel => ({
  ...{ outputs, inputs, side, stride },
  data: normals(outputs * inputs * side * side, 7 * outputs + inputs).map((value) => size * value),
})

/** An orthogonal kernel with nothing but rounding: (shift R + (1 - R)) along one axis, R the projection on a unit vector. */
function exact(width: number): Kernel {
  const vector = normals(width, 11)
  const length = Math.hypot(...vector)
  const unit = vector.map((value) => value / length)
  const data = new Float64Array(width * width * 9)
  for (let m = 0; m < width; m++)
    for (let c = 0; c < width; c++) {
      const share = unit[m] * unit[c]
      data[(m * width + c) * 9 + 3] = share
      data[(m * width + c) * 9 + 4] = (m === c ? 1 : 0) - share
    }
  return { outputs: width, inputs: width, side: 3, stride: 1, data }
}

describe('L_orth', () => {
  it.each([
    [4, 3, 3, 1],
    [3, 4, 3, 1],
    [6, 2, 3, 2],
    [3, 3, 5, 1],
  ])('times n² is the squared distance from orthogonal, at every size: %i × %i × %i by %i', (outputs, inputs, side, stride) => {
    const kernel = random(outputs, inputs, side, stride)
    const { value } = orthogonality(kernel)
    for (const n of side === 5 ? [9, 10] : [5, 6, 7, 8]) {
      const distance = squaredGains(kernel, n).reduce((sum, square) => sum + (square - 1) ** 2, 0)
      expect(distance / (n * n * value)).toBeCloseTo(1, 9)
    }
  })

  it('is nothing for an orthogonal kernel, which keeps every picture’s length', () => {
    const kernel = exact(4)
    expect(orthogonality(kernel).value).toBeLessThan(1e-28)
    for (const square of squaredGains(kernel, 6)) expect(square).toBeCloseTo(1, 12)
  })

  it('bounds how far lengths change, at every size', () => {
    for (const size of [0.01, 0.05, 0.3]) {
      const near = exact(4)
      const kernel = { ...near, data: near.data.map((weight, i) => weight + size * (random(4, 4, 3, 1).data[i] ?? 0)) }
      const e = isometryBound(kernel)
      for (const n of [5, 8]) for (const square of squaredGains(kernel, n)) expect(Math.abs(square - 1)).toBeLessThanOrEqual(e)
    }
  })

  it('descends to an orthogonal kernel', () => {
    let kernel = random(4, 4, 3, 1)
    for (let step = 0; step < 800; step++) {
      const { gradient } = orthogonality(kernel)
      kernel = { ...kernel, data: kernel.data.map((weight, i) => weight - 0.03 * gradient[i]) }
    }
    expect(orthogonality(kernel).value).toBeLessThan(1e-3)
    const squares = squaredGains(kernel, 5)
    expect(squares[0]).toBeGreaterThan(0.95)
    expect(squares[squares.length - 1]).toBeLessThan(1.05)
  })
})
