import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromRows, matrix, multiply, transpose } from '../../main/math/matrix.ts'
import { symmetricEigenvalues } from '../../main/math/symmetric-eigen.ts'
import { normals } from '../kit/generate.ts'

it('finds the eigenvalues a matrix was made with', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1000 }), (n, seed) => {
      // Reflections of a diagonal, which keep its values.
      const diagonal = normals(n, seed)
      const v = normals(n, seed + 1)
      const length = v.reduce((sum, value) => sum + value * value, 0)
      const reflection = matrix(
        n,
        n,
        Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0) - (2 * v[Math.floor(at / n)] * v[at % n]) / length),
      )
      const middle = matrix(
        n,
        n,
        Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? diagonal[at % n] : 0)),
      )
      const found = symmetricEigenvalues(multiply(reflection, middle, transpose(reflection)))
      const wanted = diagonal.slice().sort()
      for (const [i, value] of found.entries()) expect(value).toBeCloseTo(wanted[i], 10)
    }),
  )
})

it('knows repeated values and zeros, and refuses what is not square', () => {
  expect([...symmetricEigenvalues(fromRows([[2, 0], [0, 2]]))]).toEqual([2, 2]) // biome-ignore format: rows
  expect([...symmetricEigenvalues(matrix(3, 3))]).toEqual([0, 0, 0])
  expect(() => symmetricEigenvalues(matrix(2, 3))).toThrow(RangeError)
})
