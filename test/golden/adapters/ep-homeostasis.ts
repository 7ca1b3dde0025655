import { errorVectors, homeostasis, trueErrors, weightSlopes } from '../../../main/algorithms/learning/equilibrium-gradient.ts'
import { type RelaxingNetwork, type RelaxingParts, relax, relaxingParts, weightCount } from '../../../main/math/relaxing-network.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat } from './diffusion-world.ts'

function networkOf({ W, b, B, R, r }: Inputs): RelaxingNetwork {
  const layers = (b as number[][]).map((row) => row.length)
  const shape = { inputs: W[0].length, layers, classes: r.length }
  const network = { shape, weights: new Float64Array(weightCount(shape)) }
  network.weights.set(flat([W, b, B, R, r]))
  return network
}

const named = ({ forward, bias, feedback, readout, readoutBias }: RelaxingParts) => ({
  W: forward.map(({ data }) => data),
  b: bias,
  B: feedback.map(({ data }) => data),
  R: readout.data,
  r: readoutBias,
})
const cosine = (a: Float64Array, b: Float64Array) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0) / (Math.hypot(...a) * Math.hypot(...b))

/** A network at rest, its errors by relaxing and by differentiation, the weights' slopes, and homeostasis. */
export const epHomeostasisAdapter: FileAdapter = {
  name: 'ep-homeostasis',
  recognises: ({ expected }) => Boolean(expected?.da_dbeta && expected?.homeo),
  async check({ settings, expected, tolerance }) {
    const network = networkOf(settings)
    const batch = { x: flat(settings.x), target: flat(settings.y) }
    const whole = { damping: settings.kappa, steps: 5000, stillness: 1e-15 }
    const free = relax(network, batch.x, { start: null, nudge: null, ...whole }).u
    const errors = (beta: number, points: number) => errorVectors(network, batch, free, { beta, points, ...whole })
    const estimates: Record<string, unknown> = {}
    for (const key of Object.keys(expected.estimates)) {
      const found = /^N(\d+)_beta([\d.e-]+)$/.exec(key)
      if (found) estimates[key] = errors(Number(found[2]), Number(found[1]))
    }
    const da = errors(0.02, 8)
    const delta = trueErrors(network, batch, free)
    const slopesOf = (e: readonly Float64Array[]) => named(relaxingParts({ ...network, weights: weightSlopes(network, batch, free, e) }))
    const { value, gradient } = homeostasis(network)
    const actual: Inputs = {
      u: free.re,
      da_dbeta: da,
      estimates,
      delta,
      ep_grads: slopesOf(da),
      true_grads: slopesOf(delta),
      cosine: da.map((layer, l) => cosine(layer, delta[l])),
      homeo: { loss: value, ...named(relaxingParts({ ...network, weights: gradient })) },
    }
    return Object.keys(expected).flatMap((key) =>
      differences({ [key]: actual[key] }, { [key]: expected[key] }, () => tolerance[key] ?? tolerance.default),
    )
  },
}
