import { describe, expect, it } from 'vitest'
import { eliminated, plainSystem, roundSystem } from '../../../main/algorithms/linear/newton-step.ts'
import { sketchedNewton } from '../../../main/algorithms/linear/sketched-newton.ts'
import { meritOf, meritSlope, placeAt, positiveCurvature } from '../../../main/math/exact-lagrangian.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { meshWarp, restOf } from '../../../main/math/mesh-warp.ts'
import { sketchedSolve } from '../../../main/math/sketched-system.ts'
import { standard } from '../../kit/constrained.ts'
import { apart, furthest, normals } from '../../kit/generate.ts'

const { signal } = new AbortController()
const minimiser = (settings: Record<string, unknown>) => sketchedNewton.make(sketchedNewton.params.parse(settings), {})
const warped = meshWarp(5, 4, [
  { kind: 'pin', vertex: 0, at: [0, 0] },
  { kind: 'pin', vertex: 4, at: [4, 0.4] },
  { kind: 'pin', vertex: 15, at: [0, 3] },
  { kind: 'line', vertices: [5, 6, 7, 8] },
])

describe('the exact augmented Lagrangian', () => {
  it.each(Object.keys(standard))('has the slope that differences show: %s', (name) => {
    const problem = standard[name]
    const n = name === 'HS42' ? 4 : 2
    const m = name === 'HS42' ? 2 : 1
    const z = normals(n + m, 5)
    const weights = { constraint: 1.3, slope: 0.2 }
    const at = (values: Float64Array) => placeAt(problem, values.slice(0, n), values.slice(n))
    const slope = meritSlope(at(z), weights)
    for (let i = 0; i < n + m; i++) {
      const moved = (by: number) => meritOf(at(z.map((value, j) => value + (i === j ? by : 0))), weights)
      expect((moved(1e-6) - moved(-1e-6)) / 2e-6 / (1 + Math.abs(slope[i]))).toBeCloseTo(slope[i] / (1 + Math.abs(slope[i])), 5)
    }
  })
})

describe('sketches of a step', () => {
  const place = placeAt(warped, restOf(5, 4), new Float64Array(8))
  const { b } = positiveCurvature(place, 0.1)

  it('never lead away from the solution, and come to it where the system was made round', () => {
    const system = roundSystem(place, b, warped.metric)
    const exact = eliminated(system)
    let before = Number.POSITIVE_INFINITY
    let last = new Float64Array(exact.length) as Float64Array
    for (const d of sketchedSolve(system.k, system.b, last, { block: 8, seed: 1, limit: 1e-10, most: 400 })) {
      const distance = apart(d, exact)
      expect(distance).toBeLessThanOrEqual(before * (1 + 1e-9))
      before = distance
      last = d
    }
    expect(furthest(last, exact)).toBeLessThan(1e-8)
    expect(furthest(system.step(exact), eliminated(plainSystem(place, b)))).toBeLessThan(1e-6)
  })

  it('lead nowhere on the system as it is', () => {
    const system = plainSystem(place, b)
    const exact = eliminated(system)
    let last = new Float64Array(exact.length) as Float64Array
    for (const d of sketchedSolve(system.k, system.b, last, { block: 8, seed: 1, limit: 1e-10, most: 400 })) last = d
    expect(furthest(last, exact)).toBeGreaterThan(1e-2)
  })
})

describe('the claims of the paper', () => {
  it('comes by sketches to where it comes by exact steps', async () => {
    const start = { x: restOf(5, 4) }
    const direct = await outcome(minimiser({}).minimise(warped, start, signal))
    const sketched = await outcome(minimiser({ solver: 'sketch', block: 16 }).minimise(warped, start, signal))
    expect(sketched.status).toBe('converged')
    expect(furthest(sketched.x, direct.x)).toBeLessThan(1e-6)
    expect(sketched.worst?.by).toBeLessThan(1e-9)
  })

  it.each([
    ['HS6', [-1.2, 1], [1, 1]],
    ['HS7', [2, 2], [0, Math.sqrt(3)]],
  ])('holds with the accuracy that the theory asks for: %s', async (name, x, wanted) => {
    const room = minimiser({ solver: 'sketch', accuracy: 'strict', block: 2, tolerance: 1e-6 })
    const found = await outcome(room.minimise(standard[name], { x: Float64Array.from(x) }, signal))
    expect(furthest(found.x, Float64Array.from(wanted))).toBeLessThan(1e-5)
  })

  it('is quadratic at the end', async () => {
    const lengths: number[] = []
    for await (const { state } of minimiser({}).minimise(warped, { x: restOf(5, 4) }, signal)) lengths.push(state.kkt)
    const [a, b] = lengths.slice(-3)
    expect(b).toBeLessThan(10 * a * a + 1e-10)
  })
})
