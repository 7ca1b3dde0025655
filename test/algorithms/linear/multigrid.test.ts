import { describe, expect, it } from 'vitest'
import { multigridConjugateGradient } from '../../../main/algorithms/linear/multigrid.ts'
import { dotOf } from '../../../main/math/conjugate-gradient.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { multigrid } from '../../../main/math/multigrid.ts'
import { applyPoisson, poissonGrid } from '../../../main/math/poisson-grid.ts'
import { furthest, normals } from '../../kit/generate.ts'
import { disc, full } from '../../kit/masks.ts'

const { signal } = new AbortController()
const tolerance = 1e-8

async function iterationsOf(side: number, mask: Uint8Array, border: 'zero' | 'natural') {
  const grid = poissonGrid(side, side, mask, border)
  const x = normals(side * side, 3).map((value, i) => (mask[i] ? value : 0))
  const solver = multigridConjugateGradient.make(multigridConjugateGradient.params.parse({ tolerance }), {})
  const { iterations, value, status } = await outcome(solver.solve({ grid, b: applyPoisson(grid, x) }, signal))
  expect(status).toBe('converged')
  if (border === 'zero') expect(furthest(value, x)).toBeLessThan(1e-4)
  return iterations
}

describe('conjugate gradients led by multigrid', () => {
  it('gains a digit an iteration on squares, and nearly so on discs', async () => {
    expect(tolerance ** (1 / (await iterationsOf(127, full(127), 'zero')))).toBeLessThan(0.1)
    expect(tolerance ** (1 / (await iterationsOf(127, disc(127), 'zero')))).toBeLessThan(0.2)
  })

  it('hardly notices the size', async () => {
    for (const mask of [full, disc]) {
      const small = await iterationsOf(48, mask(48), 'zero')
      expect(await iterationsOf(300, mask(300), 'zero')).toBeLessThanOrEqual(small + 2)
    }
  })

  it('is led by a symmetric, positive map, borders and odd sides included', () => {
    for (const border of ['zero', 'natural'] as const) {
      const grid = poissonGrid(21, 21, disc(21, 11), border)
      const cycle = multigrid(grid)
      const random = (seed: number) => normals(441, seed).map((value, i) => (grid.unknown[i] ? value : 0))
      const [a, b] = [random(1), random(2)]
      expect(dotOf(cycle(a), b)).toBeCloseTo(dotOf(a, cycle(b)), 10)
      expect(dotOf(cycle(a), a)).toBeGreaterThan(0)
    }
  })

  it('is of second order', async () => {
    const errorOf = async (side: number) => {
      const h = 1 / (side + 1)
      const grid = poissonGrid(side, side, full(side), 'zero')
      const wave = Float64Array.from(
        { length: side * side },
        (_, i) => Math.sin(Math.PI * h * (Math.floor(i / side) + 1)) * Math.sin(Math.PI * h * ((i % side) + 1)),
      )
      const solver = multigridConjugateGradient.make(multigridConjugateGradient.params.parse({ tolerance: 1e-12 }), {})
      const b = wave.map((value) => 2 * Math.PI ** 2 * h * h * value)
      return furthest((await outcome(solver.solve({ grid, b }, signal))).value, wave)
    }
    expect((await errorOf(15)) / (await errorOf(31))).toBeCloseTo(4, 1)
  })
})
