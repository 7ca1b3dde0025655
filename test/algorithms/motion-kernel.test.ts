import { expect, it } from 'vitest'
import { motionKernel } from '../../main/algorithms/restoration/operators/motion-kernel.ts'

/** Second moments of a kernel about its middle: along x, along y (upwards), and mixed. */
function moments({ rows, columns, data }: ReturnType<typeof motionKernel>) {
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const [x, y, k] = [j - (columns - 1) / 2, (rows - 1) / 2 - i, data[i * columns + j]]
      xx += k * x * x
      yy += k * y * y
      xy += k * x * y
    }
  return { xx, yy, xy }
}

it('is a line of its length and angle with sum 1', () => {
  for (const length of [1, 5, 12.5])
    for (const angle of [0, 30, 90, 135]) {
      const kernel = motionKernel(length, angle)
      expect(kernel.rows % 2).toBe(1)
      expect(kernel.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
      const { xx, yy, xy } = moments(kernel)
      const direction = (0.5 * Math.atan2(2 * xy, xx - yy) * 180) / Math.PI
      if (length > 1) expect(Math.abs(Math.cos(((direction - angle) * Math.PI) / 180))).toBeGreaterThan(0.999)
      // A line of length L spreads by L² / 12; its width adds a little.
      expect(Math.abs(xx + yy - length ** 2 / 12)).toBeLessThan(0.5 + 0.06 * length)
    }
})

it('leaves a picture alone at length 1', () => {
  const { data } = motionKernel(1, 45)
  expect(data[Math.floor(data.length / 2)]).toBe(1)
})
