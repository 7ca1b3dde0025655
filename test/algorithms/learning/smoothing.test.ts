import { describe, expect, it } from 'vitest'
import type { BilevelSolver, CurvedBlock } from '../../../main/algorithms/bilevel.ts'
import { Refusal } from '../../../main/algorithms/define.ts'
import { implicitDifferentiation } from '../../../main/algorithms/learning/implicit-differentiation.ts'
import { penaltyBilevel } from '../../../main/algorithms/learning/penalty-bilevel.ts'
import { SMOOTHING_START, type SmoothingPair, smoothingProblem } from '../../../main/algorithms/learning/smoothing.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { mix } from '../../../main/math/mix.ts'
import { newtonCg } from '../../../main/math/newton-cg.ts'
import { normals } from '../../kit/generate.ts'

const { signal } = new AbortController()
const side = 20
const truth = Float64Array.of(-2.6, -2.6, -5, -5, -6, -6)

function cleaned(pair: SmoothingPair, x: Float64Array): Float64Array {
  const block = smoothingProblem([pair]).blocks[0] as CurvedBlock
  const search = newtonCg(
    { value: (u) => block.lower(x, u), slope: (u) => block.lowerInY(x, u), curvature: (u, v) => block.curvature(x, u, v) },
    pair.before,
    { iterations: 100, tolerance: 1e-9 },
  )
  for (let next = search.next(); ; next = search.next()) if (next.done) return next.value.y
}

/** A noisy disc, and what cleaning by known settings makes of it. */
function pairOf(seed: number): SmoothingPair {
  const noise = normals(side * side, seed)
  const before = noise.map((value, i) => (Math.hypot((i % side) - 9, Math.floor(i / side) - 10) < 6 ? 0.8 : 0.2) + 0.08 * value)
  const pair = { width: side, height: side, before, after: before }
  return { ...pair, after: cleaned(pair, truth) }
}
const apart = (a: Float64Array, b: Float64Array) => mix([1, a], [-1, b]).reduce((sum, value) => sum + value * value, 0) / a.length

describe('cleaning as in an example', () => {
  const problem = smoothingProblem([pairOf(1)])

  it('has the slopes that differences show', () => {
    const block = problem.blocks[0] as CurvedBlock
    const [x, u, v] = [truth, normals(side * side, 4), normals(side * side, 5)]
    const h = 1e-5
    const along = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0)
    const moved = (by: number) => mix([1, u], [by, v])
    expect((block.lower(x, moved(h)) - block.lower(x, moved(-h))) / (2 * h) / along(block.lowerInY(x, u), v)).toBeCloseTo(1, 5)
    const second = mix([1 / (2 * h), block.lowerInY(x, moved(h))], [-1 / (2 * h), block.lowerInY(x, moved(-h))])
    expect(
      Math.sqrt(
        apart(second, block.curvature(x, u, v)) /
          apart(
            second,
            second.map(() => 0),
          ),
      ),
    ).toBeLessThan(1e-5)
    for (const k of [0, 4, 5]) {
      const at = (by: number) => x.map((value, i) => value + (i === k ? by : 0))
      expect((block.lower(at(h), u) - block.lower(at(-h), u)) / (2 * h) / block.lowerInX(x, u)[k]).toBeCloseTo(1, 6)
      const cross = mix([1 / (2 * h), block.lowerInY(at(h), u)], [-1 / (2 * h), block.lowerInY(at(-h), u)])
      expect(along(cross, v) / block.mixed(x, u, v)[k]).toBeCloseTo(1, 4)
    }
  })

  // The answers are unique: the penalty's may go all the way.
  const solvers: readonly (readonly [string, BilevelSolver])[] = [
    ['implicit differentiation', implicitDifferentiation.make(implicitDifferentiation.params.parse({}), {})],
    ['the penalty', penaltyBilevel.make(penaltyBilevel.params.parse({ reach: 1e6, follow: 1, gamma: 0.9 }), {})],
  ]
  it.each(solvers)('is learned by %s, and serves an example that was not shown', async (_, solver) => {
    const { x } = await outcome(solver.solve(problem, SMOOTHING_START, signal))
    const [shown, unseen] = [pairOf(1), pairOf(2)]
    const loss = (settings: Float64Array) => apart(cleaned(shown, settings), shown.after)
    expect(loss(SMOOTHING_START) / loss(x)).toBeGreaterThan(20)
    const [learned, before] = [apart(cleaned(unseen, x), unseen.after), apart(cleaned(unseen, SMOOTHING_START), unseen.after)]
    expect(learned).toBeLessThan(before / 20)
    // 35 decibels.
    expect(learned).toBeLessThan(10 ** -3.5)
  })

  it('refuses examples that are none', () => {
    const pair = pairOf(3)
    for (const broken of [
      { ...pair, after: pair.after.subarray(1) },
      { ...pair, mask: new Float64Array(side * side) },
      { ...pair, before: pair.before.map(() => Number.NaN) },
      { width: 7, height: 7, before: new Float64Array(49), after: new Float64Array(49) },
    ])
      expect(() => smoothingProblem([broken])).toThrow(Refusal)
  })
})
