import { describe, expect, it } from 'vitest'
import { conjugateGradient, conjugateGradients, dotOf } from '../../main/math/conjugate-gradient.ts'
import { applyMatrix, combine, identity, matrix, multiply, transpose } from '../../main/math/matrix.ts'
import { mix } from '../../main/math/mix.ts'
import { normals } from '../kit/generate.ts'

const n = 12
const b = matrix(n, n, normals(n * n, 1))
const g = combine([1 / n, multiply(b, transpose(b))], [0.1, identity(n)])
const apply = (x: Float64Array) => applyMatrix(g, x)
const x = normals(n, 2)
const exact = { iterations: n, tolerance: 0 }

describe('conjugate gradients', () => {
  it('end after as many iterations as there are unknowns, the error in the norm of the system falling all the way', () => {
    const errors = [...conjugateGradients(apply, apply(x), new Float64Array(n), exact)].map(({ value }) => {
      const error = mix([1, value], [-1, x])
      return dotOf(error, apply(error))
    })
    for (const [i, error] of errors.entries()) if (i > 0) expect(error).toBeLessThan(errors[i - 1])
    expect(Math.sqrt(errors[errors.length - 1])).toBeLessThan(1e-8)
  })

  it('need one iteration for each different eigenvalue', () => {
    const scale = Float64Array.from({ length: n }, (_, i) => [1, 4, 9][i % 3])
    const { iterations, status } = conjugateGradient((v) => v.map((value, i) => scale[i] * value), x, new Float64Array(n), {
      iterations: n,
      tolerance: 1e-12,
    })
    expect({ iterations, status }).toEqual({ iterations: 3, status: 'converged' })
  })

  it('leave a start that is right, and a system of nothing', () => {
    expect(conjugateGradient(apply, apply(x), x, { iterations: 5, tolerance: 1e-9 })).toMatchObject({
      value: x,
      iterations: 0,
      status: 'converged',
    })
    const zeros = new Float64Array(n)
    expect(conjugateGradient((v) => v.map(() => 0), x, zeros, exact)).toMatchObject({ value: zeros, iterations: 0 })
  })

  it('say that a system turns downwards', () => {
    expect(conjugateGradient((v) => v.map((value) => -value), x, new Float64Array(n), exact).status).toBe('indefinite')
  })
})
