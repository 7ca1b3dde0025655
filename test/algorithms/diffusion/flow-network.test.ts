import { describe, expect, it } from 'vitest'
import {
  flowInOneStep,
  flowNetwork,
  flowWay,
  learnFlow,
  type NetworkParameters,
  pairsFrom,
} from '../../../main/algorithms/diffusion/paths/flow-network.ts'
import { flowLoss } from '../../../main/algorithms/diffusion/paths/rectified-flow-training.ts'
import { straightness, transportCost } from '../../../main/algorithms/diffusion/paths/straightness.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { noiseOf } from '../../../main/math/random.ts'
import { normals, signal } from '../../kit/generate.ts'

/** Two palettes of two broad clusters each, in the plane. */
const palette = (seed: number, a: readonly number[], b: readonly number[]) =>
  normals(4000, seed).map((z, at) => (Math.floor(at / 2) % 2 ? a : b)[at % 2] + 0.35 * z)
const from = palette(1, [-1, 0.5], [0.6, -0.8])
const to = palette(2, [1, 0.9], [-0.7, -0.9])

type Network = ReturnType<typeof flowNetwork>
const endOf = (network: Network, parameters: NetworkParameters, starts: Float64Array) => flowWay(network, parameters, starts, 20)[20].x

/** How bent the learned flow is, against what it costs. */
function bendOf(network: Network, parameters: NetworkParameters, starts: Float64Array): number {
  const way = flowWay(network, parameters, starts, 20)
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)
  return sum(straightness(way, 2)) / sum(transportCost(starts, way[20].x, 2))
}

describe('learning a flow between palettes', () => {
  it('has the gradient that differences measure', () => {
    const network = flowNetwork(2, [5, 4])
    const parameters = network
      .init(noiseOf(3))
      .map((values, k) => (k % 2 ? normals(values.length, 50 + k) : normals(values.length, 60 + k)))
    const pairs = pairsFrom(from, to, 2, false, noiseOf(4))(12)
    const { gradient } = flowLoss<NetworkParameters>(network, parameters, pairs)
    for (const [k, values] of parameters.entries())
      for (let i = 0; i < values.length; i++) {
        const nudged = (h: number) => parameters.map((list, n) => (n === k ? list.map((value, j) => (j === i ? value + h : value)) : list))
        const measured =
          (flowLoss<NetworkParameters>(network, nudged(1e-5), pairs).loss -
            flowLoss<NetworkParameters>(network, nudged(-1e-5), pairs).loss) /
          2e-5
        expect(Math.abs(measured - gradient[k][i])).toBeLessThan(1e-7)
      }
  })

  it('goes where the palette is, and after a reflow straight there', async () => {
    const network = flowNetwork(2, [24, 24])
    const lesson = { iterations: 500, batch: 96, rate: 5e-3 }
    const once = await outcome(learnFlow(network, network.init(noiseOf(7)), pairsFrom(from, to, 2, false, noiseOf(8)), lesson, signal))
    const ends = endOf(network, once, from)
    const again = { ...lesson, rate: 2e-3 }
    const twice = await outcome(learnFlow(network, once, pairsFrom(from, ends, 2, true, noiseOf(9)), again, signal))
    const some = from.subarray(0, 400)
    expect(bendOf(network, twice, some)).toBeLessThan(bendOf(network, once, some) / 4)

    const meanOf = (x: Float64Array, i: number) => x.reduce((sum, value, at) => sum + (at % 2 === i ? value : 0), 0) / (x.length / 2)
    for (const i of [0, 1]) expect(Math.abs(meanOf(ends, i) - meanOf(to, i))).toBeLessThan(0.1)
    // One step of the straightened flow does better than one of the bent.
    const gap = (parameters: NetworkParameters) => {
      const quick = flowInOneStep(network, parameters, some)
      const slow = endOf(network, parameters, some)
      return Math.sqrt(quick.reduce((sum, value, at) => sum + (value - slow[at]) ** 2, 0) / quick.length)
    }
    expect(gap(twice)).toBeLessThan(gap(once) / 2)
  }, 60_000)

  it('learns the same of the same seeds, and stops when told to', async () => {
    const network = flowNetwork(2, [6])
    const lesson = { iterations: 60, batch: 16, rate: 1e-2 }
    const run = () => outcome(learnFlow(network, network.init(noiseOf(1)), pairsFrom(from, to, 2, false, noiseOf(2)), lesson, signal))
    expect(await run()).toEqual(await run())
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    await expect(
      outcome(learnFlow(network, network.init(noiseOf(1)), pairsFrom(from, to, 2, false, noiseOf(2)), lesson, controller.signal)),
    ).rejects.toThrow('enough')
  })
})
