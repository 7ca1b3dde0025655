import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deepConjugateDirection } from '../../../main/algorithms/linear/deep-conjugate-direction.ts'
import { conjugateGradient } from '../../../main/math/conjugate-gradient.ts'
import { directionLoss } from '../../../main/math/direction-loss.ts'
import { directionNetwork } from '../../../main/math/direction-network.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { applyPoisson, poissonGrid } from '../../../main/math/poisson-grid.ts'
import { directionWeights } from '../../golden/adapters/deep-conjugate-direction-net.ts'
import { furthest, normals } from '../../kit/generate.ts'
import { disc, full } from '../../kit/masks.ts'

const { signal } = new AbortController()
const trained = directionWeights(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../golden/vectors/deep-conjugate-direction-net.json'), 'utf8')),
)
const solver = deepConjugateDirection.make(deepConjugateDirection.params.parse({}), {})

describe('the claims of the paper', () => {
  it.each([
    ['a square', 64, full],
    ['a disc', 64, disc],
    ['a disc that does not halve five times', 50, disc],
  ] as const)('a network needs a small part of the iterations of conjugate gradients: %s', async (_, side, maskOf) => {
    const grid = poissonGrid(side, side, maskOf(side), 'zero')
    const b = normals(side * side, 2).map((value, i) => (grid.unknown[i] ? value : 0))
    const network = directionNetwork(trained, grid)
    const { iterations, status, fallbacks } = await outcome(solver.solve({ grid, b }, async (r) => network(r), signal))
    const tolerance = 1e-4 * Math.hypot(...b)
    const plain = conjugateGradient((u) => applyPoisson(grid, u), b, new Float64Array(b.length), { iterations: 1000, tolerance })
    expect({ status, fallbacks }).toEqual({ status: 'converged', fallbacks: 0 })
    expect(iterations).toBeLessThanOrEqual(8)
    expect(plain.iterations).toBeGreaterThan(8 * iterations)
  })

  it('a network is as large as what it is given, and nothing where the mask is not', () => {
    const grid = poissonGrid(40, 40, disc(40), 'zero')
    const network = directionNetwork(trained, grid)
    const r = normals(1600, 4).map((value, i) => (grid.unknown[i] ? value : 0))
    const [one, three] = [network(r), network(r.map((value) => 3 * value))]
    expect(
      furthest(
        three,
        one.map((value) => 3 * value),
      ),
    ).toBeLessThan(1e-12)
    expect(one.every((value, i) => value === 0 || grid.unknown[i] === 1)).toBe(true)
  })
})

describe('what networks are trained by', () => {
  const grid = poissonGrid(9, 9, disc(9), 'zero')
  const apply = (u: Float64Array) => applyPoisson(grid, u)
  const inside = (seed: number) => normals(81, seed).map((value, i) => (grid.unknown[i] ? value : 0))

  it.each(['least', 'galerkin'] as const)('has the slope that differences show: %s', (alphaOf) => {
    const [b, f, along] = [inside(1), inside(2), inside(3)]
    const value = (by: number) =>
      directionLoss(
        apply,
        b,
        f.map((one, i) => one + by * along[i]),
        alphaOf,
      ).loss
    const { slope } = directionLoss(apply, b, f, alphaOf)
    const wanted = (value(1e-6) - value(-1e-6)) / 2e-6
    expect(slope.reduce((sum, one, i) => sum + one * along[i], 0) / wanted).toBeCloseTo(1, 6)
  })

  it('is nothing for the solution, and never more than the right side where alpha is the least one', () => {
    const x = inside(5)
    expect(directionLoss(apply, apply(x), x, 'least').loss).toBeLessThan(1e-20)
    const b = inside(6)
    const square = b.reduce((sum, value) => sum + value * value, 0)
    for (let seed = 7; seed < 17; seed++) expect(directionLoss(apply, b, inside(seed), 'least').loss).toBeLessThanOrEqual(square)
  })
})
