import { rectifiedFlow } from '../../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { flowLoss, linearField } from '../../../main/algorithms/diffusion/paths/rectified-flow-training.ts'
import { type Passed, straightness, transportCost } from '../../../main/algorithms/diffusion/paths/straightness.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { euler } from '../../../main/algorithms/diffusion/solvers/euler.ts'
import { rungeKutta } from '../../../main/algorithms/diffusion/solvers/runge-kutta.ts'
import type { Sampled, Solver } from '../../../main/algorithms/roles.ts'
import { nodeAt } from '../../../main/math/gaussian-path.ts'
import { type Denoise, decode, encode, rows } from '../../../main/math/prediction.ts'
import { type Mixture, mixtureDenoiser, predictMixture } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, modelOn, statesOf, undrawn } from './diffusion-world.ts'

const path = rectifiedFlow.make({}, {})

async function follow(solver: Solver<Sampled>, denoise: Denoise, x: Float64Array, steps: number, inset: number) {
  const legs = uniform.make(uniform.params.parse({ inset }), {}).legs(path, steps)
  const states = await statesOf({ solver, legs, model: modelOn(path), denoise, x, draw: undrawn })
  return [x, ...states.map((state) => state.x)]
}
const eulerEnd = async (denoise: Denoise, z: Float64Array, { N, eps }: Inputs) =>
  (await follow(euler.make({}, {}), denoise, z, N, eps ?? 0))[N]

/** Velocity of the flow that was rectified once more: from N(0, I) to N(mu, std² I) it is exactly straight. */
const straight = (mu: readonly number[], std: number): Denoise => {
  const mean = (i: number) => mu[i % mu.length]
  return async (x, at) => {
    const z = x.map((value, i) => (value - at.t * mean(i)) / (1 - at.t + at.t * std))
    return decode(
      x,
      z.map((value, i) => mean(i) + (std - 1) * value),
      rows.velocity(at, path),
      at,
    )
  }
}

/** Flows along straight lines: velocities, Euler's grids, how straight they are, and the loss that straightens them. */
export const rectifiedFlowAdapter: FileAdapter = {
  name: 'rectified-flow',
  async check({ mixture, z: listed, expected, tolerance }) {
    const z = flat(listed)
    const d = listed[0].length
    const { denoise } = mixtureDenoiser(mixture)
    const notes: string[] = []
    const compare = (name: string, actual: unknown, wanted: unknown, limit: number) =>
      notes.push(...differences(actual, wanted, () => limit, name))
    for (const { t, x, ...wanted } of expected.points) {
      const node = nodeAt(path, t)
      const prediction = predictMixture(mixture as Mixture, flat(x), node)
      const of = (kind: 'velocity' | 'score') => encode(prediction, rows[kind](node, path))
      compare(`point at ${t}`, { velocity: of('velocity'), score: of('score') }, wanted, tolerance.points)
    }
    for (const one of expected.euler) compare(`euler ${one.N} from ${one.eps}`, await eulerEnd(denoise, z, one), one.x1, tolerance.euler)

    // The number of steps is part of the key.
    const end = Object.keys(expected).find((key) => /^z1_rk4_\d+$/.test(key)) ?? 'z1_rk4_200'
    const steps = Number(end.slice('z1_rk4_'.length))
    const way = await follow(rungeKutta.make({}, {}), denoise, z, steps, 0)
    const passed = way.map((x, i): Passed => {
      const node = nodeAt(path, i / steps)
      return { t: node.t, x, velocity: encode(predictMixture(mixture as Mixture, x, node), rows.velocity(node, path)) }
    })
    const z1 = way[steps]
    compare(end, z1, expected[end], tolerance[end])
    const bends = straightness(passed, d)
    compare('straightness_per_sample', bends, expected.straightness_per_sample, tolerance.straightness)
    compare('straightness_mean', bends.reduce((a, b) => a + b, 0) / bends.length, expected.straightness_mean, tolerance.straightness)
    compare('transport_cost_per_sample', transportCost(z, z1, d), expected.transport_cost_per_sample, tolerance[end])

    const { A, b, c, t, ...learned } = expected.reflow
    const parameters = { a: flat(A), b: flat(b), c: flat(c) }
    const { loss, gradient } = flowLoss(linearField, parameters, { dimension: d, starts: z, ends: z1, times: flat(t) })
    compare('reflow', { loss, grad_A: gradient.a, grad_b: gradient.b, grad_c: gradient.c }, learned, tolerance.reflow)

    const { mu, std, euler: runs, exact_endpoint } = expected.gaussian_case
    const gaussian = mixtureDenoiser({ weights: [1], means: [mu], stds: [std] }).denoise
    for (const one of runs) compare(`gaussian, euler ${one.N}`, await eulerEnd(gaussian, z, one), one.x1, tolerance.euler)
    compare('gaussian, reflowed', await eulerEnd(straight(mu, std), z, { N: 1 }), exact_endpoint, tolerance.euler)
    return notes
  },
}
