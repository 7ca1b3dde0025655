import { describe, expect, it } from 'vitest'
import { learnedRelaxation } from '../../../main/algorithms/linear/learned-relaxation.ts'
import { noLosses, tsallisProbabilities } from '../../../main/math/bandit.ts'
import { bestRelaxation, overRelaxation } from '../../../main/math/over-relaxation.ts'
import { poissonGrid } from '../../../main/math/poisson-grid.ts'
import { noiseOf, uniformsInto } from '../../../main/math/random.ts'
import { normals } from '../../kit/generate.ts'
import { disc, full } from '../../kit/masks.ts'

const CAP = 2000

/** Sweeps to a small residual. */
function sweepsOf(side: number, mask: Uint8Array, omega: number, tolerance = 1e-4): number {
  const grid = poissonGrid(side, side, mask, 'zero')
  const b = normals(side * side, side)
  const run = overRelaxation(grid, b, new Float64Array(b.length), { omega, tolerance, iterations: CAP, order: 'chess' })
  for (let next = run.next(); ; next = run.next()) if (next.done) return next.value.iterations
}
const known = new Map<string, number>()
const counted = (side: number, omega: number): number => {
  const key = `${side} ${omega}`
  const sweeps = known.get(key) ?? sweepsOf(side, disc(side), omega)
  known.set(key, sweeps)
  return sweeps
}

/** Sweeps a dab over a session of dabs of six sizes. */
function session(arms: string, rounds: number, seed: number): number[] {
  const tuner = learnedRelaxation.make(learnedRelaxation.params.parse({ arms }), {})
  const uniform = new Float64Array(2 * rounds)
  uniformsInto(uniform, noiseOf(seed))
  let state = tuner.start()
  return Array.from({ length: rounds }, (_, i) => {
    const side = 10 + 6 * Math.floor(6 * uniform[i])
    const unknowns = disc(side).reduce((sum, one) => sum + one, 0)
    const choice = tuner.choose(state, unknowns, uniform[rounds + i])
    const sweeps = counted(side, choice.omega)
    state = tuner.learn(state, choice, sweeps)
    return sweeps
  })
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('over-relaxation', () => {
  it('converges for every factor between 0 and 2, soonest near the best one', () => {
    const grid = [0.3, 1, 1.3, 1.5, 1.6, 1.7, 1.8, 1.95]
    const counts = grid.map((omega) => sweepsOf(14, full(14), omega, 1e-8))
    for (const count of counts) expect(count).toBeLessThan(CAP)
    const best = grid[counts.indexOf(Math.min(...counts))]
    expect(Math.abs(best - bestRelaxation(14, 14, 0))).toBeLessThan(0.11)
  })

  it('refuses other factors, and takes nothing for an answer at once', () => {
    expect(() => sweepsOf(8, full(8), 2)).toThrow(RangeError)
    expect(() => sweepsOf(8, full(8), 0)).toThrow(RangeError)
    const grid = poissonGrid(4, 4, full(4), 'zero')
    const zero = new Float64Array(16)
    const [only] = overRelaxation(grid, zero, zero, { omega: 1.5, tolerance: 1e-4, iterations: 9, order: 'rows' })
    expect(only).toMatchObject({ iterations: 1, status: 'converged', residual: 0 })
  })
})

describe('Tsallis-INF', () => {
  it('gives chances that sum to 1, equal for equal losses, greater for smaller ones', () => {
    const p = tsallisProbabilities({ ...noLosses(4), sums: [90, 10, 10, 3000], round: 40, scale: 7 })
    expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 14)
    expect(p[1]).toBe(p[2])
    expect(p[1]).toBeGreaterThan(p[0])
    expect(p[0]).toBeGreaterThan(p[3])
    expect(p[3]).toBeGreaterThan(0)
  })
})

describe('the claims of the paper', () => {
  it('regret grows ever slower, and lengths beat factors', () => {
    const lengths = session('lengths', 600, 3)
    const factors = session('factors', 600, 3)
    expect(mean(factors.slice(400))).toBeLessThan(mean(factors.slice(0, 200)))
    expect(mean(lengths.slice(400))).toBeLessThan(mean(lengths.slice(0, 200)))
    expect(mean(lengths)).toBeLessThan(0.8 * mean(factors))
  })

  it.each(['sizes', 'curves'])('learns with the size for a context too: %s', (arms) => {
    const sweeps = session(arms, 240, 5)
    expect(mean(sweeps.slice(160))).toBeLessThan(mean(sweeps.slice(0, 80)))
  })
})
