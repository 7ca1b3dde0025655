import { expect, it } from 'vitest'
import { readPly } from '../../main/math/splat-ply.ts'
import { readPlyPoints, splatsOfPoints } from '../../main/math/splat-points.ts'
import { normals } from '../kit/generate.ts'

const place = Float32Array.from(normals(300, 3))
const file = () => {
  const header = `ply\nformat binary_little_endian 1.0\nelement vertex 100\n${['x', 'y', 'z'].map((name) => `property float ${name}\n`).join('')}${['red', 'green', 'blue'].map((name) => `property uchar ${name}\n`).join('')}end_header\n`
  const rows = Buffer.alloc(1500)
  for (let i = 0; i < 100; i++)
    for (let k = 0; k < 3; k++) {
      rows.writeFloatLE(place[3 * i + k], 15 * i + 4 * k)
      rows[15 * i + 12 + k] = 2 * i + k
    }
  return Buffer.concat([Buffer.from(header), rows])
}

it('points are told from splats, and made splats as large as their three neighbours are far', () => {
  expect(() => readPly(file())).toThrow(/coloured points/)
  const points = readPlyPoints(file())
  expect(points.position).toEqual(place)
  const { count, logScale, opacity, harmonics } = splatsOfPoints(points)
  expect(count).toBe(100)
  for (let i = 0; i < 100; i++) {
    const squares = Array.from({ length: 100 }, (_, j) => [0, 1, 2].reduce((sum, k) => sum + (place[3 * i + k] - place[3 * j + k]) ** 2, 0))
    const [, a, b, c] = squares.sort((one, other) => one - other)
    for (let k = 0; k < 3; k++) expect(logScale[3 * i + k]).toBeCloseTo(Math.log((a + b + c) / 3) / 2, 4)
    expect(1 / (1 + Math.exp(-opacity[i]))).toBeCloseTo(0.1, 6)
    expect(0.5 + 0.28209479177387814 * harmonics[3 * i + 1]).toBeCloseTo((2 * i + 1) / 255, 6)
  }
})

it('points on each other, or alone, have a size', () => {
  const colour = new Float32Array(15)
  for (const points of [new Float32Array(15), new Float32Array(3)]) {
    const { logScale } = splatsOfPoints({ position: points, colour: colour.subarray(0, points.length) })
    expect(logScale.every((value) => Number.isFinite(value))).toBe(true)
  }
})
