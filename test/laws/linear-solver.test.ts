import { describe, expect, it } from 'vitest'
import { linearSolvers } from '../../main/algorithms/index.ts'
import type { LinearSolver, LinearSystem } from '../../main/algorithms/roles.ts'
import { outcome } from '../../main/math/integrate.ts'
import { applyMatrix, combine, identity, matrix, multiply, transpose } from '../../main/math/matrix.ts'
import { furthest, normals } from '../kit/generate.ts'

const { signal } = new AbortController()

/** A random system with a known answer; `shift` above 0 makes it well posed. */
function systemOf(size: number, seed: number, shift: number): { readonly system: LinearSystem; readonly x: Float64Array } {
  const b = matrix(size, size, normals(size * size, seed))
  const g = combine([1 / size, multiply(b, transpose(b))], [shift, identity(size)])
  const x = normals(size, seed + 1000)
  return { system: { apply: (v) => applyMatrix(g, v), b: applyMatrix(g, x) }, x }
}

describe.each(linearSolvers.map((method) => [method.id, method] as const))('the linear solver %s', (_, method) => {
  const solver: LinearSolver = method.make(method.params.parse({}), {})

  it.each([1, 3, 20, 60])('solves well-posed systems of %i unknowns', async (size) => {
    for (const seed of [1, 2, 3]) {
      const { system, x } = systemOf(size, seed, 0.5)
      const before = system.b.slice()
      const { value, status, residual } = await outcome(solver.solve(system, signal))
      expect(status).toBe('converged')
      expect(furthest(value, x)).toBeLessThan(1e-8)
      expect(residual).toBeLessThan(1e-8)
      expect(system.b).toEqual(before)
    }
  })

  it('goes on from a start, and leaves a good one as it is', async () => {
    const { system, x } = systemOf(20, 5, 0.5)
    expect((await outcome(solver.solve({ ...system, start: x }, signal))).value).toEqual(x)
    expect(furthest((await outcome(solver.solve({ ...system, start: normals(20, 9) }, signal))).value, x)).toBeLessThan(1e-8)
  })

  it('tells by a status where it fails', async () => {
    const hopeless: LinearSystem = { apply: (x) => x.map((value) => -value), b: normals(10, 3) }
    const { status, value } = await outcome(solver.solve(hopeless, signal))
    expect(status).not.toBe('converged')
    expect(value.every(Number.isFinite)).toBe(true)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const { system } = systemOf(60, 7, 0.01)
    const run = async () => {
      for await (const { iterations } of solver.solve(system, controller.signal)) if (iterations === 2) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
