import { describe, expect, it } from 'vitest'
import { consensus } from '../../../main/algorithms/learning/consensus.ts'
import { consensusOf, contract, hop } from '../../../main/math/consensus.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { normals, signal } from '../../kit/generate.ts'

const listsOf = (count: number, width: number, seed: number) => {
  const numbers = normals(count * width, seed)
  return Array.from({ length: count }, (_, i) => numbers.slice(i * width, (i + 1) * width))
}

/** Rastrigin's bowl with its many false bottoms, the box enlarged threefold. */
const rastrigin = (target: Float64Array) => (v: Float64Array) =>
  v.reduce((sum, x, k) => {
    const gap = 3 * x - target[k]
    return sum + gap * gap + 2.5 * (1 - Math.cos(2 * Math.PI * gap))
  }, 0)

/** A canyon that winds past a hill to its lowest place, 0. */
function canyon(v: Float64Array): number {
  const [x, y] = v
  const a = y - (((x - 1) * (x - 4) ** 2) / 8 + 2)
  const b = -x - 1.6 * y
  const floor = 0.4 * x * x + 0.2 * y * y + 1.1625 * (2 - Math.cos(0.75 * Math.PI * x) - Math.cos(0.75 * Math.PI * y))
  const gate = 4 * Math.exp(1 - 2 * a ** 4) * Math.max((1 - Math.exp(-9 * b * b)) * Math.sign(b), 0)
  return 25 * (1 - Math.exp(-1.4 * a * a * Math.exp(-0.002 * x ** 4))) + floor + gate
}

describe('consensus-based optimisation', () => {
  it('passes false bottoms that a slope would rest in', async () => {
    const search = consensus.make(consensus.params.parse({}), {})
    let found = 0
    for (let run = 0; run < 20; run++) {
      const target = normals(3, 500 + run).map((value) => Math.max(-2, Math.min(2, value)))
      const { value } = await outcome(search.search({ sliders: 3, starts: [], seed: run, value: rastrigin(target) }, signal))
      if (value < 0.8) found++
    }
    expect(found).toBeGreaterThanOrEqual(18)
  })

  it('draws together by exactly (1 - pull dt)² a step where there is no noise', () => {
    const centre = Float64Array.of(1, -2)
    const cloud = listsOf(12, 2, 3)
    const spread = (particles: readonly Float64Array[]) =>
      particles.reduce((sum, p) => sum + (p[0] - centre[0]) ** 2 + (p[1] - centre[1]) ** 2, 0)
    const next = contract(cloud, centre, { dt: 0.2, pull: 1.5, sigma: 0, noise: 'anisotropic' }, listsOf(12, 2, 4))
    expect(spread(next) / spread(cloud)).toBeCloseTo(0.7 ** 2, 12)
  })

  it('has a consensus that does not ask in which order, and moves with the problem', () => {
    const cloud = listsOf(9, 3, 8)
    const values = cloud.map((p) => p[0] ** 2 + p[1])
    const centre = consensusOf(cloud, values, 7)
    const turned = consensusOf([...cloud].reverse(), [...values].reverse(), 7)
    const moved = consensusOf(
      cloud.map((p) => p.map((x) => x + 4)),
      values.map((value) => value + 900),
      7,
    )
    for (let k = 0; k < 3; k++) {
      expect(turned[k]).toBeCloseTo(centre[k], 13)
      expect(moved[k]).toBeCloseTo(centre[k] + 4, 10)
    }
  })

  it('hops along the canyon to its lowest place', () => {
    for (let run = 0; run < 3; run++) {
      const width = 0.7
      let centre: Float64Array = Float64Array.of(8, 8)
      for (let step = 0; step < 250; step++) {
        const cloud = hop(centre, width, listsOf(200, 2, 10_000 * run + step))
        centre = consensusOf(cloud, cloud.map(canyon), 100)
      }
      expect(Math.hypot(...centre)).toBeLessThan(0.5)
    }
  })

  it('takes many sliders a few at a time', async () => {
    const search = consensus.make(consensus.params.parse({ steps: 20 }), {})
    const value = (v: Float64Array) => v.reduce((sum, x, k) => sum + (x - 0.1 * k + 0.3) ** 2, 0)
    expect((await outcome(search.search({ sliders: 7, starts: [], seed: 1, value }, signal))).value).toBeLessThan(0.05)
  })
})
