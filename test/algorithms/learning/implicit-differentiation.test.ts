import { describe, expect, it } from 'vitest'
import { hypergradient } from '../../../main/algorithms/learning/implicit-differentiation.ts'
import { fixedPoint, pullThrough, pushThrough, type Root } from '../../../main/math/implicit-derivative.ts'
import { applyMatrix, combine, identity, matrix, multiply, transpose } from '../../../main/math/matrix.ts'
import { mix } from '../../../main/math/mix.ts'
import { newtonCg } from '../../../main/math/newton-cg.ts'
import { norm } from '../../../main/math/norms.ts'
import { projectSimplex, simplexSlope } from '../../../main/math/simplex.ts'
import { furthest, normals } from '../../kit/generate.ts'
import { smoothedBlock } from '../../kit/smoothed-line.ts'

const precise = { iterations: 1000, tolerance: 1e-13 }
const along = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0)

describe('slopes through a condition', () => {
  const size = 9
  const [y, x] = [matrix(size, size, normals(81, 1)), matrix(size, 4, normals(36, 2))]
  const general: Root = {
    size,
    pushY: (v) => applyMatrix(y, v),
    pullY: (v) => applyMatrix(transpose(y), v),
    pushX: (w) => applyMatrix(x, w),
    pullX: (v) => applyMatrix(transpose(x), v),
  }
  const curved = combine([1 / size, multiply(y, transpose(y))], [0.1, identity(size)])
  const push = (v: Float64Array) => applyMatrix(curved, v)

  it.each([
    ['general', general],
    ['symmetric', { ...general, pushY: push, pullY: push, isGradient: true }],
  ])('are the same pushed and pulled: %s', (_, root) => {
    const [v, w] = [normals(size, 3), normals(4, 4)]
    expect(along(v, pushThrough(root, w, precise).value)).toBeCloseTo(along(w, pullThrough(root, v, precise).value), 9)
  })

  it('go through large conditions without a matrix', () => {
    const wide = 100
    const root: Root = {
      size: wide,
      pushY: (v) => v.map((value, i) => 2 * value + 0.5 * v[(i + 1) % wide]),
      pullY: (v) => v.map((value, i) => 2 * value + 0.5 * v[(i + wide - 1) % wide]),
      pushX: (w) => w,
      pullX: (v) => v,
    }
    const t = pushThrough(root, normals(wide, 5), precise).value
    expect(furthest(root.pushY(t), mix([-1, normals(wide, 5)]))).toBeLessThan(1e-9)
  })

  it('of a projected step do not depend on its length', () => {
    const rows = matrix(6, 5, normals(30, 6))
    const gram = multiply(transpose(rows), rows)
    const data = normals(6, 7)
    const bound = gram.data.reduce((sum, value, i) => sum + (i % 6 === 0 ? value : 0), 0)
    const slopes = [0.1 / bound, 1 / bound].map((step) => {
      let at: Float64Array = new Float64Array(5).fill(0.2)
      const right = applyMatrix(transpose(rows), data)
      for (let i = 0; i < 40_000; i++) at = projectSimplex(mix([1, at], [-step, applyMatrix(gram, at)], [step, right]))
      const inside = combine([1, identity(5)], [-step, gram])
      const root = fixedPoint({
        size: 5,
        pushY: (v) => simplexSlope(at, applyMatrix(inside, v)),
        pullY: (v) => applyMatrix(inside, simplexSlope(at, v)),
        pushX: (w) => simplexSlope(at, applyMatrix(transpose(rows), w)).map((value) => step * value),
        pullX: (v) => applyMatrix(rows, simplexSlope(at, v)).map((value) => step * value),
      })
      return pullThrough(root, normals(5, 8), precise).value
    })
    expect(furthest(slopes[0], slopes[1])).toBeLessThan(1e-8)
  })

  it('refuses a vector that does not fit', () => {
    expect(() => pullThrough(general, normals(4, 1), precise)).toThrow(RangeError)
  })
})

describe('the slope of settings', () => {
  const clean = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0.2 : 0.8))
  const noise = normals(40, 12)
  const block = smoothedBlock(
    clean.map((value, i) => value + 0.1 * noise[i]),
    clean,
    0.05,
  )
  const answer = (x: Float64Array, tolerance = 1e-13) => {
    const search = newtonCg(
      { value: (u) => block.lower(x, u), slope: (u) => block.lowerInY(x, u), curvature: (u, v) => block.curvature(x, u, v) },
      block.start ?? clean,
      { iterations: 100, tolerance },
    )
    for (let next = search.next(); ; next = search.next()) if (next.done) return next.value.y
  }
  const x = Float64Array.of(-2, -3)

  it('is what differences of whole solutions show', () => {
    const { gradient } = hypergradient(block, x, answer(x), precise)
    for (const k of [0, 1]) {
      const moved = (by: number) => {
        const at = x.map((value, i) => value + (i === k ? by : 0))
        return block.upper(at, answer(at))
      }
      expect((moved(1e-4) - moved(-1e-4)) / 2e-4 / gradient[k]).toBeCloseTo(1, 5)
    }
  })

  it('errs in proportion to the answer, and less than the slope of unrolled steps', () => {
    const exact = answer(x)
    const { gradient } = hypergradient(block, x, exact, precise)
    const ratios: number[] = []
    let near = block.start ?? clean
    // The unrolled slope: every step's own, carried along.
    let carried: Float64Array[] = [new Float64Array(40), new Float64Array(40)]
    for (let step = 1; step <= 200; step++) {
      const along = carried.map((slope, k) => {
        const unit = Float64Array.from([0, 1], (i) => (i === k ? 1 : 0))
        const h = 1e-6
        const shift = (by: number) => block.lowerInY(mix([1, x], [by, unit]), near)
        const cross = mix([1 / (2 * h), shift(h)], [-1 / (2 * h), shift(-h)])
        return mix([1, slope], [-0.05, block.curvature(x, near, slope)], [-0.05, cross])
      })
      near = mix([1, near], [-0.05, block.lowerInY(x, near)])
      carried = along
      if (![25, 50, 100, 200].includes(step)) continue
      const missed = norm(mix([1, near], [-1, exact]))
      const error = norm(mix([1, hypergradient(block, x, near, precise).gradient], [-1, gradient]))
      const unrolled = Float64Array.from(carried, (slope) => slope.reduce((sum, value, i) => sum + value * block.upperInY(x, near)[i], 0))
      if (step < 100) expect(error).toBeLessThan(norm(mix([1, unrolled], [-1, gradient])))
      ratios.push(error / missed)
    }
    expect(Math.max(...ratios) / Math.min(...ratios)).toBeLessThan(4)
  })
})
