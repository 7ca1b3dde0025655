import { describe, expect, it } from 'vitest'
import {
  duelFrom,
  type LagrangianState,
  lagrangianBilevel,
  lagrangianMove,
  lagrangianValue,
} from '../../../main/algorithms/learning/lagrangian-bilevel.ts'
import { KNOTS, toneCurveProblem } from '../../../main/algorithms/learning/tone-curve.ts'
import { nearestWithin } from '../../../main/math/dykstra.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { matrix } from '../../../main/math/matrix.ts'
import { mix } from '../../../main/math/mix.ts'
import { furthest, normals } from '../../kit/generate.ts'

const { signal } = new AbortController()
const settings = lagrangianBilevel.params.parse({})
/** A dark picture: most of it lies below the middle. */
const cdf = Float64Array.from({ length: KNOTS }, (_, k) => (k / (KNOTS - 1)) ** 0.4)
const straight = Float64Array.from({ length: KNOTS }, (_, k) => k / (KNOTS - 1))

describe('the value of the proximal Lagrangian', () => {
  const problem = toneCurveProblem(cdf, straight)
  const [block] = problem.blocks
  const { x, y } = problem.projectJoint?.(Float64Array.of(0.7, 0.2, 0.5), [straight]) ?? { x: straight, y: [straight] }
  const at = (x: Float64Array, y: Float64Array, anchor: Float64Array) =>
    lagrangianValue(block, x, { ...duelFrom(block, x, y), anchor }, settings)
  const anchor = new Float64Array(KNOTS + 1).fill(0.05)

  it('has the slopes that differences show', () => {
    const { inX, inY, inAnchor } = at(x, y[0], anchor)
    const h = 1e-4
    const slope = (of: (by: number) => number) => (of(h) - of(-h)) / (2 * h)
    const moved = (values: Float64Array, k: number, by: number) => values.map((value, i) => value + (i === k ? by : 0))
    for (const k of [0, 1, 2]) expect(slope((by) => at(moved(x, k, by), y[0], anchor).value)).toBeCloseTo(inX[k], 5)
    for (const k of [0, 7, 15]) expect(slope((by) => at(x, moved(y[0], k, by), anchor).value)).toBeCloseTo(inY[k], 5)
    for (const k of [0, 8, 15]) expect(slope((by) => at(x, y[0], moved(anchor, k, by)).value)).toBeCloseTo(inAnchor[k], 5)
  })

  it('is never above what is allowed costs', () => {
    for (let seed = 0; seed < 5; seed++) {
      const joint = problem.projectJoint?.(
        normals(3, seed).map((value) => 0.5 + 0.3 * value),
        [mix([1, straight], [0.2, normals(KNOTS, 30 + seed)])],
      )
      if (!joint) throw new Error('The problem projects.')
      expect(block.lower(joint.x, joint.y[0]) - at(joint.x, joint.y[0], anchor).value).toBeGreaterThan(-1e-9)
    }
  })
})

describe('a tone curve', () => {
  it('keeps to its rules after every step, and comes ever nearer to being an answer', () => {
    const problem = toneCurveProblem(cdf, mix([0.4, straight], [0.6, cdf]))
    const [block] = problem.blocks
    const first = problem.projectJoint?.(Float64Array.of(0.1, 0, 0), [straight])
    if (!first) throw new Error('The problem projects.')
    let state: LagrangianState = { ...first, at: first.x, duels: [duelFrom(block, first.x, first.y[0])] }
    const gaps: number[] = []
    for (let k = 0; k < 600; k++) {
      for (const move = lagrangianMove(problem, state, k, settings); ; ) {
        const next = move.next()
        if (!next.done) continue
        state = next.value
        break
      }
      expect(Math.max(...(block.constraints?.value(state.x, state.y[0]) ?? []))).toBeLessThanOrEqual(1e-8)
      if (k === 40 || k === 599)
        gaps.push(block.lower(state.x, state.y[0]) - lagrangianValue(block, state.x, state.duels[0], settings).value)
    }
    expect(gaps[1]).toBeLessThan(1e-3)
    expect(gaps[1]).toBeLessThan(gaps[0])
  })

  it('learns how strong an example was equalised, and never falls', async () => {
    const truth = 0.6
    const problem = toneCurveProblem(cdf, mix([1 - truth, straight], [truth, cdf]))
    const { x, y, loss } = await outcome(lagrangianBilevel.make(settings, {}).solve(problem, Float64Array.of(0.1, 0.05, 0.1), signal))
    expect(Math.abs(x[0] - truth)).toBeLessThan(0.1)
    expect(loss[0] / loss[loss.length - 1]).toBeGreaterThan(20)
    for (let k = 1; k < KNOTS; k++) expect(y[0][k]).toBeGreaterThanOrEqual(y[0][k - 1] - 1e-9)
  })

  it('refuses curves that are none', () => {
    expect(() => toneCurveProblem(cdf.subarray(1), cdf)).toThrow(RangeError)
    expect(() => toneCurveProblem(cdf, new Float64Array(KNOTS).fill(Number.NaN))).toThrow(RangeError)
  })
})

describe('the nearest point within rows', () => {
  it('is where the rows are, and no other allowed point is nearer', () => {
    const a = matrix(6, 4, normals(24, 1))
    const b = normals(6, 2).map(Math.abs)
    const w = normals(4, 3).map((value) => 3 * value)
    const { point, excess } = nearestWithin(a, b, w)
    expect(excess).toBeLessThan(1e-9)
    // Obtuse to every allowed direction: w - point makes no acute angle with what is inside.
    for (let seed = 10; seed < 60; seed++) {
      const other = nearestWithin(a, b, normals(4, seed)).point
      const angle = other.reduce((sum, value, i) => sum + (w[i] - point[i]) * (value - point[i]), 0)
      expect(angle).toBeLessThan(1e-8)
    }
    expect(furthest(nearestWithin(a, b, point).point, point)).toBeLessThan(1e-9)
  })

  it('tells where rows cannot all hold', () => {
    expect(nearestWithin(matrix(2, 1, Float64Array.of(1, -1)), Float64Array.of(-1, -1), Float64Array.of(0)).excess).toBeGreaterThan(0.5)
  })
})
