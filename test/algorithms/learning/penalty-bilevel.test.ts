import { describe, expect, it } from 'vitest'
import { hypergradient } from '../../../main/algorithms/learning/implicit-differentiation.ts'
import { type Chase, chased, chaseFrom, penaltyAt, penaltyBilevel } from '../../../main/algorithms/learning/penalty-bilevel.ts'
import { mix } from '../../../main/math/mix.ts'
import { norm } from '../../../main/math/norms.ts'
import { answerOf, quadraticBlock, randomQuadratics } from '../../kit/bilevel-quadratic.ts'
import { furthest, normals } from '../../kit/generate.ts'

const [quadratic] = randomQuadratics(1, 21).quadratics
const block = quadraticBlock(quadratic)
const precise = { iterations: 200, tolerance: 1e-14 }
const search = { step: 0.5, tolerance: 1e-13 }

/** Where so many steps at a steady weight lead. */
function run(loop: 'double' | 'single', sigma: number, steps: number): Float64Array {
  const settings = penaltyBilevel.params.parse({ loop, gamma: 0.4, follow: 0.5, reach: 2 })
  let [x, chase]: [Float64Array, Chase] = [normals(2, 3), chaseFrom(new Float64Array(4))]
  for (let step = 0; step < steps; step++) {
    const moved = chased(block, chase, x, sigma, settings)
    chase = moved.chase
    x = mix([1, x], [-0.01, moved.slope])
  }
  return x
}

describe('the penalised objective', () => {
  it('lies below the true one, and comes nearer in proportion to its weight, slope and all', () => {
    const x = normals(2, 4)
    const y = answerOf(quadratic, x)
    const { gradient } = hypergradient(block, x, y, precise)
    const gaps = [0.02, 0.01, 0.005].map((sigma) => {
      const penalised = penaltyAt(block, x, sigma, search)
      expect(penalised.value).toBeLessThanOrEqual(block.upper(x, y))
      return [block.upper(x, y) - penalised.value, norm(mix([1, penalised.gradient], [-1, gradient]))]
    })
    for (const k of [0, 1]) for (const i of [0, 1]) expect(gaps[i][k] / gaps[i + 1][k]).toBeCloseTo(2, 0)
  })
})

describe('the chase', () => {
  it('ends where the true slope is as small as its weight', () => {
    const ends = [0.04, 0.02].map((sigma) => {
      const x = run('double', sigma, 4000)
      expect(norm(penaltyAt(block, x, sigma, search).gradient)).toBeLessThan(1e-6)
      return norm(hypergradient(block, x, answerOf(quadratic, x), precise).gradient)
    })
    expect(ends[0]).toBeLessThan(0.2)
    expect(ends[0] / ends[1]).toBeGreaterThan(1.6)
  })

  it('ends at the same place by one loop as by two', () => {
    expect(furthest(run('single', 0.05, 8000), run('double', 0.05, 8000))).toBeLessThan(1e-5)
  })

  it('refuses rates at which answers run away', () => {
    expect(() => penaltyBilevel.make(penaltyBilevel.params.parse({ gamma: 1.5, reach: 2 }), {})).toThrow(RangeError)
  })
})
