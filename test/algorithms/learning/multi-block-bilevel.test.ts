import { describe, expect, it } from 'vitest'
import { hypergradient } from '../../../main/algorithms/learning/implicit-differentiation.ts'
import {
  type BlockwiseRates,
  type BlockwiseState,
  blockwiseStep,
  multiBlockBilevel,
  track,
} from '../../../main/algorithms/learning/multi-block-bilevel.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { mix } from '../../../main/math/mix.ts'
import { norm } from '../../../main/math/norms.ts'
import { noiseOf, uniformsInto } from '../../../main/math/random.ts'
import { answerOf, quadraticBlock, randomQuadratics } from '../../kit/bilevel-quadratic.ts'
import { normals } from '../../kit/generate.ts'

const { signal } = new AbortController()
const world = randomQuadratics(8, 60)
const blocks = world.quadratics.map(quadraticBlock)
const start = Float64Array.of(2, -1.5)

const begin = (version: BlockwiseRates['version']): BlockwiseState => {
  const tracked = blocks.map((block) => track(block, start, new Float64Array(block.size), version))
  return { x: start, at: start, xBefore: start, z: null, blocks: tracked, y: tracked.map(({ y }) => y) }
}
const rates = (version: BlockwiseRates['version'], more: Partial<BlockwiseRates>): BlockwiseRates => ({
  ...{ version, tracking: 0.5, correction: 0.5, smoothing: 0.1, eta: 0.02, bound: 1000 },
  ...{ tau: blocks.map(() => 0.3), floor: blocks.map(() => 0.05) },
  ...more,
})
/** Length of the true slope. */
const slopeAt = (x: Float64Array) =>
  norm(
    blocks.reduce(
      (sum: Float64Array, block, i) =>
        mix([1, sum], [1 / 8, hypergradient(block, x, answerOf(world.quadratics[i], x), { iterations: 100, tolerance: 1e-14 }).gradient]),
      new Float64Array(x.length),
    ),
  )

/** So many blocks of chance at step t. */
function batchAt(t: number, size: number, seed: number): number[] {
  const keys = new Float64Array(8)
  uniformsInto(keys, { ...noiseOf(seed), counter: 8 * t })
  return [...keys.keys()].sort((i, j) => keys[i] - keys[j]).slice(0, size)
}

describe.each(['matrix', 'vector'] as const)('block by block, remembering a %s', (version) => {
  it('comes to the true rest with all blocks', () => {
    let state = begin(version)
    const whole = rates(version, { tracking: 1, correction: 0, smoothing: 1, eta: 0.04 })
    for (let t = 0; t < 2000; t++) state = blockwiseStep(blocks, state, batchAt(t, 8, 1), whole)
    expect(slopeAt(state.x)).toBeLessThan(1e-10)
  })

  it('takes fewer steps the more blocks a step has', () => {
    const stepsWith = (size: number) => {
      const counts = [1, 2, 3].map((seed) => {
        let state = begin(version)
        const goal = 0.15 * slopeAt(start)
        const share = size / 8
        const all = rates(version, { tau: blocks.map(() => 0.5 * share), eta: 0.16 * share, smoothing: 0.1 })
        let t = 0
        for (; t < 2000 && slopeAt(state.x) > goal; t++) state = blockwiseStep(blocks, state, batchAt(t, size, seed), all)
        return t
      })
      return counts.sort((a, b) => a - b)[1]
    }
    expect(stepsWith(1) / stepsWith(4)).toBeGreaterThan(2)
  })

  it('keeps running slopes where nothing changes', () => {
    const state = begin(version)
    const still = rates(version, { eta: 0, tau: blocks.map(() => 0) })
    const after = blockwiseStep(blocks, blockwiseStep(blocks, state, [0, 3], still), [3, 5], still)
    for (const [i, { s, u, curvature }] of after.blocks.entries()) {
      expect(norm(mix([1, s], [-1, state.blocks[i].s]))).toBeLessThan(1e-14)
      expect(norm(mix([1, u], [-1, state.blocks[i].u]))).toBeLessThan(1e-14)
      if (curvature) expect(norm(mix([1, curvature.data], [-1, state.blocks[i].curvature?.data ?? curvature.data]))).toBeLessThan(1e-12)
    }
  })

  it('refuses a block that is named twice', () => {
    expect(() => blockwiseStep(blocks, begin(version), [1, 1], rates(version, {}))).toThrow(RangeError)
  })
})

it('tells the slope of an answer with the share of the noise that tracking leaves', () => {
  const tracking = 0.4
  const deviation = 0.3
  const still = rates('vector', { tracking, correction: 0.5, eta: 0, tau: blocks.map(() => 0) })
  let state = begin('vector')
  const exact = blocks[0].lowerInY(start, new Float64Array(4))
  let [sum, count] = [0, 0]
  for (let t = 0; t < 6000; t++) {
    const noise = normals(4, 5000 + t)
    const seen = { ...blocks[0], lowerInY: (x: Float64Array, y: Float64Array) => mix([1, blocks[0].lowerInY(x, y)], [deviation, noise]) }
    state = blockwiseStep([seen, ...blocks.slice(1)], state, [0], still)
    if (t < 50) continue
    sum += mix([1, state.blocks[0].s], [-1, exact]).reduce((all, value) => all + value * value, 0)
    count += 4
  }
  expect(sum / count / ((tracking / (2 - tracking)) * deviation ** 2)).toBeCloseTo(1, 1)
})

it('learns from a quarter of the examples a step, to a floor that its noise leaves', async () => {
  const many = randomQuadratics(12, 300)
  const solver = multiBlockBilevel.make(multiBlockBilevel.params.parse({ steps: 3000 }), {})
  const { x, asks } = await outcome(solver.solve(many.problem, start, signal))
  const [first, best] = [many.objective(start), many.objective(many.least())]
  expect((many.objective(x) - best) / (first - best)).toBeLessThan(0.05)
  expect(asks.mixed / (2 * 3000)).toBeLessThanOrEqual(3)
  const greedy = multiBlockBilevel.make(multiBlockBilevel.params.parse({ batch: 13 }), {})
  await expect(outcome(greedy.solve(many.problem, start, signal))).rejects.toThrow(RangeError)
})
