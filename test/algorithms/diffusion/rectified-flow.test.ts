import { describe, expect, it } from 'vitest'
import { rectifiedFlow } from '../../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { between, flowLoss, linearField, type Pairs } from '../../../main/algorithms/diffusion/paths/rectified-flow-training.ts'
import { type Passed, straightness, transportCost } from '../../../main/algorithms/diffusion/paths/straightness.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { euler } from '../../../main/algorithms/diffusion/solvers/euler.ts'
import { rungeKutta } from '../../../main/algorithms/diffusion/solvers/runge-kutta.ts'
import { nodeAt } from '../../../main/math/gaussian-path.ts'
import { type Denoise, decode, encode, rows } from '../../../main/math/prediction.ts'
import { furthest, generate, normals, signal, toy } from '../../kit/generate.ts'
import { mixtureDenoiser } from '../../kit/mixture.ts'

const path = rectifiedFlow.make({}, {})
const even = (steps: number) => uniform.make(uniform.params.parse({}), {}).legs(path, steps)
const flow = mixtureDenoiser(toy).denoise
const z = normals(2000, 31)
const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)

async function way(denoise: Denoise, start: Float64Array, steps: number): Promise<Passed[]> {
  const passed: Passed[] = []
  let x = start
  for (const [i, leg] of [...even(steps), null].entries()) {
    const at = nodeAt(path, i / steps)
    passed.push({ t: at.t, x, velocity: encode(await denoise(x, at, signal), rows.velocity(at, path)) })
    if (leg) x = (await generate({ solver: rungeKutta.make({}, {}), legs: [leg], x, path, denoise })).x
  }
  return passed
}

/** The flow that a second rectification of N(0, I) → N(mean, std²) learns: the lines between the pairs never cross. */
const reflowed = (mean: number, std: number): Denoise => {
  return async (x, at) => {
    const start = x.map((value) => (value - at.t * mean) / (1 - at.t + at.t * std))
    return decode(
      x,
      start.map((value) => mean + (std - 1) * value),
      rows.velocity(at, path),
      at,
    )
  }
}

describe('rectified flow', () => {
  it('costs no more than the pairs it learned from, for every convex cost', async () => {
    const passed = await way(flow, z, 40)
    const end = passed[40].x
    // The pairs it learned from are independent: the same ends, handed to other starts.
    const others = new Float64Array(end.length)
    for (let i = 0; i < end.length; i += 2) others.set(end.subarray((i + 998) % end.length, ((i + 998) % end.length) + 2), i)
    expect(sum(transportCost(z, end, 2))).toBeLessThan(sum(transportCost(z, others, 2)))
    const power = (a: Float64Array, b: Float64Array) => sum(transportCost(a, b, 2).map((cost) => cost ** 0.75))
    expect(power(z, end)).toBeLessThan(power(z, others))
  })

  it('keeps the law of its ends', async () => {
    const end = (await generate({ solver: rungeKutta.make({}, {}), legs: even(40), x: normals(20_000, 7), path })).x
    for (const i of [0, 1]) {
      const mean = toy.weights.reduce((total, w, k) => total + w * toy.means[k][i], 0)
      const square = toy.weights.reduce((total, w, k) => total + w * (toy.means[k][i] ** 2 + toy.stds[k] ** 2), 0)
      const values = end.filter((_, at) => at % 2 === i)
      const got = sum(values) / values.length
      expect(Math.abs(got - mean)).toBeLessThan(3 * Math.sqrt((square - mean * mean) / values.length) + 0.01)
      expect(Math.abs(sum(values.map((v) => v * v)) / values.length / square - 1)).toBeLessThan(0.05)
    }
  })

  it('is bent after one rectification and straight after two, when one step is enough', async () => {
    const [mean, std] = [-0.6, 0.5]
    const gaussian = mixtureDenoiser({ weights: [1], means: [[mean, mean]], stds: [std] }).denoise
    const start = normals(40, 3)
    const exact = start.map((value) => mean + std * value)
    const once = sum(straightness(await way(gaussian, start, 60), 2))
    const twice = sum(straightness(await way(reflowed(mean, std), start, 60), 2))
    expect(once).toBeGreaterThan(0.1)
    expect(twice).toBeLessThan(1e-9)
    const oneStep = async (denoise: Denoise) => (await generate({ solver: euler.make({}, {}), legs: even(1), x: start, path, denoise })).x
    expect(furthest(await oneStep(reflowed(mean, std)), exact)).toBeLessThan(1e-12)
    expect(furthest(await oneStep(gaussian), exact)).toBeGreaterThan(0.3)
  })

  it('goes there and back to where it was', async () => {
    const legs = even(100)
    const there = (await generate({ solver: rungeKutta.make({}, {}), legs, x: z, path })).x
    const back = legs.map(({ from, to }) => ({ from: to, to: from })).reverse()
    expect(furthest((await generate({ solver: rungeKutta.make({}, {}), legs: back, x: there, path })).x, z)).toBeLessThan(1e-4)
  })
})

describe('learning a flow', () => {
  const pairs: Pairs = {
    dimension: 2,
    starts: normals(60, 1),
    ends: normals(60, 2),
    times: Float64Array.from({ length: 30 }, (_, i) => (i + 0.5) / 30),
  }
  const parameters = { a: normals(4, 5), b: normals(2, 6), c: normals(2, 7) }

  it('has the gradient that differences measure', () => {
    const { gradient } = flowLoss(linearField, parameters, pairs)
    for (const key of ['a', 'b', 'c'] as const)
      for (let i = 0; i < parameters[key].length; i++) {
        const nudged = (h: number) => ({ ...parameters, [key]: parameters[key].map((value, j) => (j === i ? value + h : value)) })
        const measured = (flowLoss(linearField, nudged(1e-5), pairs).loss - flowLoss(linearField, nudged(-1e-5), pairs).loss) / 2e-5
        expect(Math.abs(measured - gradient[key][i])).toBeLessThan(1e-8)
      }
  })

  it('takes points on the lines between the pairs', () => {
    expect(
      between({ dimension: 1, starts: Float64Array.of(0, 2), ends: Float64Array.of(1, 6), times: Float64Array.of(0.25, 0.5) }),
    ).toEqual(Float64Array.of(0.25, 4))
  })

  it('costs nothing for the pairs of a field it can be', () => {
    // Ends that are starts moved by a constant: v = c is exact.
    const moved: Pairs = { ...pairs, ends: pairs.starts.map((value, i) => value + (i % 2 ? -1 : 2)) }
    const exact = { a: new Float64Array(4), b: new Float64Array(2), c: Float64Array.of(2, -1) }
    const { loss, gradient } = flowLoss(linearField, exact, moved)
    expect(loss).toBeLessThan(1e-25)
    expect(Math.max(...gradient.c.map(Math.abs))).toBeLessThan(1e-12)
  })
})
