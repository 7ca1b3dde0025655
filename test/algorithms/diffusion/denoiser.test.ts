import { describe, expect, it } from 'vitest'
import { type Clock, denoiserOf, guided, type NetworkCard, probeKind, withPicture } from '../../../main/algorithms/diffusion/denoiser.ts'
import { edm } from '../../../main/algorithms/diffusion/paths/edm.ts'
import { measureSeparation } from '../../../main/algorithms/diffusion/paths/kinetic-measurement.ts'
import { rectifiedFlow } from '../../../main/algorithms/diffusion/paths/rectified-flow.ts'
import { karras } from '../../../main/algorithms/diffusion/schedules/karras.ts'
import { multistep } from '../../../main/algorithms/diffusion/schedules/multistep.ts'
import { dpmSolverPp } from '../../../main/algorithms/diffusion/solvers/dpm-solver-pp.ts'
import { nodeAt, type Path } from '../../../main/math/gaussian-path.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { encode, type PredictionKind, rows } from '../../../main/math/prediction.ts'
import { nodeOfLevel, tableOfPath } from '../../../main/math/timesteps.ts'
import { discrete, furthest, generate, normals, signal, toy } from '../../kit/generate.ts'
import { type Mixture, mixtureDenoiser, predictMixture, restrict } from '../../kit/mixture.ts'

const solver = dpmSolverPp.make(dpmSolverPp.params.parse({}), {})
const legs = multistep.make(multistep.params.parse({}), {}).legs(discrete, 8)
const x = normals(12, 3)

/** A perfect network in float32 that answers in a kind of its own; `times` are those it was told. */
function network(
  kind: PredictionKind,
  path: Path,
  clock: Clock,
  nodeOf: (time: number) => ReturnType<typeof nodeAt>,
  mixture: Mixture = toy,
) {
  const times: number[] = []
  const card: NetworkCard = {
    path,
    kind,
    clock,
    shape: [1, 3, 2, 2],
    run: async ({ data, shape }, time) => {
      times.push(time)
      const node = nodeOf(time)
      const scale = kind === 'edm' ? Math.sqrt(node.sigma ** 2 + 0.25) : 1
      const state = Float64Array.from(data, (value) => value * scale)
      return { shape, data: Float32Array.from(encode(predictMixture(mixture, state, node), rows[kind](node, path))) }
    },
  }
  return { card, times }
}
const byLevel = (time: number) => nodeOfLevel(tableOfPath(discrete), Math.round(time))

describe('a network as solvers ask it', () => {
  it.each(['eps', 'x0', 'v'] as const)('is the same in float32 whatever it predicts: %s', async (kind) => {
    const { card, times } = network(kind, discrete, 'levels', byLevel)
    const end = (await generate({ solver, legs, x, path: discrete, denoise: denoiserOf(card) })).x
    const perfect = (await generate({ solver, legs, x, path: discrete })).x
    expect(furthest(end, perfect)).toBeLessThan(1e-4)
    expect(times).toEqual(legs.map((leg) => leg.from.label))
  })

  it('is told the time by its own clock', async () => {
    const told = async (clock: Clock, path: Path, t: number) => {
      const { card, times } = network('velocity', path, clock, () => nodeAt(path, t))
      await denoiserOf(card)(x, nodeAt(path, t), signal)
      return times[0]
    }
    expect(await told('levels', discrete, 3 / 1000)).toBe(2)
    expect(await told('levels', discrete, 0.5005)).toBe(499.5)
    expect(await told('time', rectifiedFlow.make({}, {}), 0.25)).toBe(0.25)
    expect(await told('thousandths', rectifiedFlow.make({}, {}), 0.25)).toBe(750)
    expect(await told('log-sigma', edm.make(edm.params.parse({}), {}), 2)).toBeCloseTo(Math.log(2) / 4, 12)
  })

  it('of Karras et al. runs from raw output', async () => {
    const path = edm.make(edm.params.parse({}), {})
    const { card } = network('edm', path, 'log-sigma', (time) => nodeAt(path, Math.exp(4 * time)))
    const steps = karras.make(karras.params.parse({ landing: 'sigma_min' }), {}).legs(path, 12)
    const start = x.map((value) => 80 * value)
    const run = { solver, legs: steps, x: start, path }
    expect(furthest((await generate({ ...run, denoise: denoiserOf(card) })).x, (await generate(run)).x)).toBeLessThan(1e-3)
  })

  it('shows by its noise whether its output is in the unit its card says', async () => {
    const noise = normals(12, 8)
    const small: Mixture = { weights: [1], means: [[0, 0]], stds: [1] }
    const { card } = network('eps', discrete, 'levels', (time) => nodeAt(discrete, (time + 1) / 1000), small)
    const right = await probeKind(card, noise, signal)
    expect(right).toBeGreaterThan(0.5)
    expect(right).toBeLessThan(1.5)
    // The same network with its output in another unit.
    const loud: NetworkCard = {
      ...card,
      run: async (state, time, stop) => {
        const { shape, data } = await card.run(state, time, stop)
        return { shape, data: data.map((value) => 4 * value) }
      },
    }
    expect(await probeKind(loud, noise, signal)).toBeGreaterThan(1.5)
  })

  it('refuses in words where its kind says nothing', async () => {
    const { card } = network('eps', rectifiedFlow.make({}, {}), 'time', () => ({ t: 0, alpha: 1e-13, sigma: 1 }))
    await expect(denoiserOf(card)(x, { t: 0, alpha: 0, sigma: 1 }, signal)).rejects.toThrow(/Start a little later/)
    await expect(denoiserOf(card)(x.subarray(1), nodeAt(discrete, 0.5), signal)).rejects.toThrow(/does not fill/)
  })
})

describe('guidance', () => {
  const plain = mixtureDenoiser(toy)
  const prompted = mixtureDenoiser(restrict(toy, [1]))
  const node = nodeAt(discrete, 0.6)

  it('at weight 1 asks once, and else goes past the prompt', async () => {
    const one = guided(prompted.denoise, plain.denoise, 1)
    await one(x, node, signal)
    expect([prompted.calls(), plain.calls()]).toEqual([1, 0])
    const [without, wanted, three] = [
      await plain.denoise(x, node, signal),
      await prompted.denoise(x, node, signal),
      await guided(prompted.denoise, plain.denoise, 3)(x, node, signal),
    ]
    expect(
      furthest(
        three.eps,
        without.eps.map((e, i) => e + 3 * (wanted.eps[i] - e)),
      ),
    ).toBeLessThan(1e-12)
    expect(
      furthest(
        x,
        three.x0.map((v, i) => node.alpha * v + node.sigma * three.eps[i]),
      ),
    ).toBeLessThan(1e-12)
  })

  it('rescaled has the deviation of the prompt alone, and still fits the state', async () => {
    const spread = (v: Float64Array) => {
      const mean = v.reduce((a, b) => a + b, 0) / v.length
      return Math.sqrt(v.reduce((sum, a) => sum + (a - mean) ** 2, 0) / v.length)
    }
    const whole = await guided(prompted.denoise, plain.denoise, 6, 1)(x, node, signal)
    expect(spread(whole.eps)).toBeCloseTo(spread((await prompted.denoise(x, node, signal)).eps), 10)
    expect(
      furthest(
        x,
        whole.x0.map((v, i) => node.alpha * v + node.sigma * whole.eps[i]),
      ),
    ).toBeLessThan(1e-12)
  })

  it('lets the picture be changed on the way', async () => {
    const clamp = withPicture(plain.denoise, (x0) => x0.map((v) => Math.max(-0.5, Math.min(0.5, v))))
    const { x0, eps } = await clamp(x, node, signal)
    expect(Math.max(...x0.map(Math.abs))).toBeLessThanOrEqual(0.5)
    expect(
      furthest(
        x,
        x0.map((v, i) => node.alpha * v + node.sigma * eps[i]),
      ),
    ).toBeLessThan(1e-12)
  })
})

describe('measuring what a model leaves unknown', () => {
  it('finds the closed form of Gaussian data, whatever its scale', async () => {
    const mixture: Mixture = { weights: [1], means: [[3, 3]], stds: [2] }
    const pictures = Array.from({ length: 400 }, (_, k) => normals(2, 100 + k).map((v) => 3 + 2 * v))
    const noise = Array.from({ length: 400 }, (_, k) => normals(2, 900 + k))
    const nodes = [0.1, 0.3, 0.5, 0.8].map((t) => nodeAt(discrete, t))
    const found = await outcome(measureSeparation({ denoise: mixtureDenoiser(mixture).denoise, pictures, noise, nodes }, signal))
    for (const { s, unknown } of found) expect(Math.abs(unknown * (1 + s * s) - 1)).toBeLessThan(0.15)
  })
})
