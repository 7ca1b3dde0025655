import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockDctInto, blockInverseDctInto } from '../../main/math/dct.ts'
import { transformOf, transformPlanes } from '../../main/math/fft.ts'
import { fromRows, identity, inverse, type Matrix, matrix, multiply, symmetricEigen, toRows, transpose } from '../../main/math/matrix.ts'
import { noiseOf, normalsInto } from '../../main/math/random.ts'

const normals = (length: number, seed: number) => {
  const values = new Float64Array(length)
  normalsInto(values, noiseOf(seed))
  return values
}
const apart = (a: Float64Array, b: Float64Array) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

describe('the Fourier transform', () => {
  it('is the sum it stands for, at every length', () => {
    for (const n of [1, 2, 3, 5, 8, 12, 16, 17, 30, 64, 97]) {
      const [re, im] = [normals(n, 1), normals(n, 2)]
      const sumRe = new Float64Array(n)
      const sumIm = new Float64Array(n)
      for (let j = 0; j < n; j++)
        for (let k = 0; k < n; k++) {
          const angle = (-2 * Math.PI * ((j * k) % n)) / n
          sumRe[j] += re[k] * Math.cos(angle) - im[k] * Math.sin(angle)
          sumIm[j] += re[k] * Math.sin(angle) + im[k] * Math.cos(angle)
        }
      transformOf(n)(re, im, 'forward')
      expect(Math.max(apart(re, sumRe), apart(im, sumIm))).toBeLessThan(1e-12 * n)
    }
  })

  it('keeps the energy of planes and comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (rows, columns) => {
        const [a, b] = [normals(2 * rows * columns, 3), normals(2 * rows * columns, 4)]
        const [re, im] = [a.slice(), b.slice()]
        transformPlanes(re, im, rows, columns, 'forward')
        const energy = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * value + y[i] * y[i], 0)
        expect(energy(re, im)).toBeCloseTo(energy(a, b), 9)
        transformPlanes(re, im, rows, columns, 'inverse')
        expect(Math.max(apart(re, a), apart(im, b))).toBeLessThan(1e-12)
      }),
    )
  })
})

describe('the cosine transform of a block', () => {
  it('is orthonormal: keeps energy, comes back, a constant is one coefficient', () => {
    const source = normals(200, 5)
    const coefficients = new Float64Array(64)
    blockDctInto(coefficients, source, 7, 12)
    const back = new Float64Array(200)
    blockInverseDctInto(back, 7, 12, coefficients)
    let energy = 0
    for (let i = 0; i < 8; i++)
      for (let j = 0; j < 8; j++) {
        expect(back[7 + 12 * i + j]).toBeCloseTo(source[7 + 12 * i + j], 12)
        energy += source[7 + 12 * i + j] ** 2
      }
    expect(coefficients.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(energy, 10)
    blockDctInto(coefficients, new Float64Array(64).fill(1), 0, 8)
    expect(coefficients[0]).toBeCloseTo(8, 12)
    expect(coefficients.subarray(1).every((value) => Math.abs(value) < 1e-12)).toBe(true)
  })
})

describe('matrices', () => {
  const random = (n: number, seed: number): Matrix => matrix(n, n, normals(n * n, seed))
  it('have inverses, and say when they have none', () => {
    for (let n = 1; n < 12; n++) expect(apart(multiply(random(n, n), inverse(random(n, n))).data, identity(n).data)).toBeLessThan(1e-9)
    expect(() =>
      inverse(
        fromRows([
          [1, 2],
          [2, 4],
        ]),
      ),
    ).toThrow(RangeError)
    expect(
      toRows(
        inverse(
          fromRows([
            [0, 2],
            [1, 0],
          ]),
        ),
      ),
    ).toEqual([
      [0, 1],
      [0.5, 0],
    ])
  })

  it('have eigenvectors that rebuild them', () => {
    for (const n of [1, 2, 5, 40]) {
      const a = random(n, 100 + n)
      const symmetric = multiply(a, transpose(a))
      const { values, vectors } = symmetricEigen(symmetric)
      const diagonal = matrix(n, n)
      for (let i = 0; i < n; i++) diagonal.data[i * n + i] = values[i]
      expect(apart(multiply(vectors, diagonal, transpose(vectors)).data, symmetric.data)).toBeLessThan(1e-10 * n)
      expect(apart(multiply(transpose(vectors), vectors).data, identity(n).data)).toBeLessThan(1e-12 * n)
    }
  })
})
