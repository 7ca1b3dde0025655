import { describe, expect, it } from 'vitest'
import { fisherPolicyGradient } from '../../../main/algorithms/learning/fisher-policy-gradient.ts'
import { episodeGradient, gaussianPolicy, softmaxPolicy } from '../../../main/math/policy.ts'
import { noiseOf, uniformsInto } from '../../../main/math/random.ts'
import { normals, signal } from '../../kit/generate.ts'
import { everyEpisode, type TinyWorld } from '../../kit/tiny-decisions.ts'

const world: TinyWorld = {
  P: [
    [
      [0.2, 0.8],
      [0.6, 0.4],
    ],
    [
      [0.9, 0.1],
      [0.3, 0.7],
    ],
  ],
  R: [
    [-0.1, 0.5],
    [0.9, -0.4],
  ],
  rho: [0.6, 0.4],
  H: 3,
}

describe('policy gradients from single episodes', () => {
  it('are right on the mean', () => {
    const theta = Float64Array.of(0.4, -0.3, 0.8, 0.1)
    const episodes = [...everyEpisode(world, theta)].map(
      ([chance, episode]) => [chance, episodeGradient(softmaxPolicy(2), theta, episode, 0.9)] as const,
    )
    const value = (at: Float64Array) =>
      [...everyEpisode(world, at)].reduce((sum, [p, { rewards }]) => sum + p * rewards.reduce((got, r, h) => got + 0.9 ** h * r, 0), 0)
    const draws = new Float64Array(20_000)
    uniformsInto(draws, noiseOf(3))
    const drawn = Array.from(draws, (draw) => {
      let rest = draw
      for (const [chance, g] of episodes) if ((rest -= chance) <= 0) return g
      return episodes[episodes.length - 1][1]
    })
    for (let i = 0; i < 4; i++) {
      const moved = (by: number) => value(theta.map((v, k) => (k === i ? v + by : v)))
      const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
      const mean = drawn.reduce((sum, g) => sum + g[i], 0) / drawn.length
      const spread = Math.sqrt(drawn.reduce((sum, g) => sum + (g[i] - mean) ** 2, 0)) / drawn.length
      expect(Math.abs(mean - slope)).toBeLessThan(4 * spread)
      expect(episodes.reduce((sum, [chance, g]) => sum + chance * g[i], 0)).toBeCloseTo(slope, 8)
    }
  })

  it.each([
    ['gaussian', gaussianPolicy(0.3), 0.7],
    ['softmax', softmaxPolicy(3), 1],
  ] as const)('bend as their slope does: %s', (name, policy, action) => {
    const seen = normals(2, 1)
    const [theta, w] = [normals(name === 'softmax' ? 6 : 2, 2), normals(name === 'softmax' ? 6 : 2, 3)]
    const at = (by: number) =>
      policy.score(
        theta.map((value, i) => value + by * w[i]),
        seen,
        action,
      )
    const [up, down] = [at(1e-5), at(-1e-5)]
    for (const [i, value] of policy.bend(theta, seen, action, w).entries()) expect(value).toBeCloseTo((up[i] - down[i]) / 2e-5, 6)
  })
})

describe('the mean slope that is carried along', () => {
  const m = [1, 0.5, 0.2]
  const RUNS = 30
  /** How far it is from the true one after t steps, over some runs with noise. */
  async function missed(kind: string, times: readonly number[], settings = {}): Promise<number[]> {
    const sums = times.map(() => 0)
    for (let run = 0; run < RUNS; run++) {
      const steps = times[times.length - 1]
      const noise = normals(6 * steps + 6, 70 + run)
      let draws = 0
      const shaken = (values: Float64Array, size: number) => values.map((value) => value + 0.3 * size * noise[draws++])
      const true_ = (theta: Float64Array) => theta.map((value, i) => 0.5 - m[i] * value)
      const slopes = {
        gradient: (theta: Float64Array) => shaken(true_(theta), 1),
        bend: (_: Float64Array, w: Float64Array) =>
          shaken(
            w.map((value, i) => -m[i] * value),
            Math.hypot(...w),
          ),
        chance: () => 0.5,
      }
      const made = fisherPolicyGradient.make(fisherPolicyGradient.params.parse({ kind, gamma: 1, steps, ...settings }), {})
      let at: Float64Array = Float64Array.of(1, 1, 1)
      for await (const { step, theta, direction } of made.ascend(at, slopes, signal)) {
        const place = times.indexOf(step)
        if (place >= 0) sums[place] += Math.hypot(...true_(at).map((value, i) => value - direction[i])) / RUNS
        at = theta
      }
    }
    return sums
  }

  it.each([
    ['n-pg-igt', -0.45],
    ['n-harpg', -0.54],
  ])('nears the true one as published: %s', async (kind, published) => {
    const [early, late] = await missed(kind, [100, 4000])
    expect(Math.log(late / early) / Math.log(40)).toBeLessThan(published + 0.12)
  })

  it('is freed of delay by asking ahead', async () => {
    const [ahead] = await missed('n-pg-igt', [1600])
    const [here] = await missed('n-pg-igt', [1600], { reach: 1e-12 })
    expect(ahead).toBeLessThan(0.7 * here)
  })
})
