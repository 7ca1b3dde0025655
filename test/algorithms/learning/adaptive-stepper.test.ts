import { describe, expect, it } from 'vitest'
import { adaptiveStepper } from '../../../main/algorithms/learning/adaptive-stepper.ts'
import { type Bodies, follow } from '../../../main/math/three-bodies.ts'
import { signal } from '../../kit/generate.ts'

const eight: Bodies = {
  x: Float64Array.of(-0.97000436, 0.24308753, 0, 0, 0.97000436, -0.24308753),
  v: Float64Array.of(0.466203685, 0.43236573, -0.93240737, -0.86473146, 0.466203685, 0.43236573),
  masses: [1, 1, 1],
}

/** What moves and what turns, of all bodies together. */
function kept({ x, v, masses }: Bodies): number[] {
  const sums = [0, 0, 0]
  for (const [i, mass] of masses.entries()) {
    sums[0] += mass * v[2 * i]
    sums[1] += mass * v[2 * i + 1]
    sums[2] += mass * (x[2 * i] * v[2 * i + 1] - x[2 * i + 1] * v[2 * i])
  }
  return sums
}

describe('three bodies', () => {
  it('keep their momenta', () => {
    const before = kept(eight)
    for (const [i, value] of kept(follow(eight, 2, 0.003, 1e6).bodies).entries()) expect(Math.abs(value - before[i])).toBeLessThan(1e-10)
  })

  it('come back where time runs backward', () => {
    const there = follow(eight, 2, 0.01, 1e6).bodies
    const back = follow({ ...there, v: there.v.map((value) => -value) }, 2, 0.01, 1e6).bodies
    for (const [i, value] of back.x.entries()) expect(Math.abs(value - eight.x[i])).toBeLessThan(1e-6)
  })

  it('end where the orbit is no longer true', async () => {
    const stepper = adaptiveStepper.make(adaptiveStepper.params.parse({ coarsest: 1, every: 5 }), {})
    const near: Bodies = { x: Float64Array.of(0, 0, 1, 0.1, 40, 0), v: new Float64Array(6), masses: [1, 1, 1] }
    let decisions = 0
    let last = 0
    for await (const { missing } of stepper.follow(near, () => 9, 50, signal)) {
      decisions++
      last = missing
    }
    expect(Math.abs(last)).toBeGreaterThan(0.1)
    expect(decisions).toBeLessThan(50)
  })

  it('reward steps that keep the orbit true', async () => {
    const stepper = adaptiveStepper.make(adaptiveStepper.params.parse({}), {})
    const rewards: number[] = []
    for (const choice of [5, 9]) {
      let sum = 0
      for await (const { reward } of stepper.follow(eight, () => choice, 8, signal)) sum += reward
      rewards.push(sum)
    }
    expect(rewards[0]).toBeGreaterThan(rewards[1])
  })
})
